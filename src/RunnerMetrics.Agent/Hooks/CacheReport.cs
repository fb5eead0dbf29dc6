using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>What a step of a job reported of a cache.</summary>
/// <param name="Id">The same however often the report is read: 1 to 128 characters of <c>[a-zA-Z0-9-]</c>.</param>
/// <param name="At">When it was reported, to the second.</param>
/// <param name="CacheType"><c>[a-z0-9-]{1,32}</c>.</param>
/// <param name="Count">What was counted since the last report.</param>
internal sealed partial record CacheReport(string Id, DateTimeOffset At, string CacheType, CacheCount Count)
{
    public const string Ending = ".cache";

    /// <summary>Of a report that an agent has begun to pass on.</summary>
    public const string TakenEnding = ".taken";

    private const string FirstLine = "runner-metrics-cache 1";
    private static readonly HashSet<string> Keys = ["TIME", "TYPE", "HITS", "MISSES", "UNKNOWN"];

    public static bool IsType(string text) => TypePattern().IsMatch(text);

    /// <summary>Leaves the report in a hook folder, for the agent that runs there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string folder)
    {
        var text = HookText.Format(
            FirstLine,
            [
                new("TIME", At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
                new("TYPE", CacheType),
                new("HITS", Count.Hits.ToString(CultureInfo.InvariantCulture)),
                new("MISSES", Count.Misses.ToString(CultureInfo.InvariantCulture)),
                new("UNKNOWN", Count.Unknown.ToString(CultureInfo.InvariantCulture)),
            ]);
        var aside = Path.Combine(folder, $".{Id}.new");
        try
        {
            File.WriteAllBytes(aside, text);
            File.Move(aside, Path.Combine(folder, Id + Ending));
        }
        catch (IOException)
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static bool TryParse(string name, ReadOnlySpan<byte> content, [NotNullWhen(true)] out CacheReport? report)
    {
        report = null;
        if (!NamePattern().IsMatch(name)
            || !HookText.TryParse(content, FirstLine, Keys, out var values)
            || !values.TryGetValue("TYPE", out var type) || !IsType(type)
            || !TryNumber("TIME", 253_402_300_799, out var time)
            || !TryNumber("HITS", CacheCount.Most, out var hits)
            || !TryNumber("MISSES", CacheCount.Most, out var misses)
            || (!TryNumber("UNKNOWN", CacheCount.Most, out var unknown) && values.ContainsKey("UNKNOWN")))
        {
            return false;
        }

        report = new CacheReport(Path.GetFileNameWithoutExtension(name), DateTimeOffset.FromUnixTimeSeconds((long)time), type, new CacheCount(hits, misses, unknown));
        return true;

        bool TryNumber(string key, ulong most, out ulong number)
        {
            number = 0;
            return values.TryGetValue(key, out var text)
                && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
        }
    }

    /// <summary>A new report, with an id that no other has.</summary>
    public static CacheReport Create(string type, CacheCount count, TimeProvider time) => new($"cache-{Guid.NewGuid():N}", time.GetUtcNow(), type, count);

    [GeneratedRegex(@"\A[a-z0-9-]{1,32}\z")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"\Acache-[0-9a-f]{32}\.(cache|taken)\z")]
    private static partial Regex NamePattern();
}
