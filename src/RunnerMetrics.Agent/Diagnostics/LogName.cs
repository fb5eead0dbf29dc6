using System.Globalization;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The name of a log file, which holds the time at which it was made, by the clock of that moment: <c>Worker_20261121-002243-utc.log</c>
/// (actions/runner, HostTraceListener.cs).
/// </summary>
internal static class LogName
{
    private const string Format = "yyyyMMdd-HHmmss";

    /// <summary>When the file was created; null if the name does not have it.</summary>
    public static DateTimeOffset? Time(string name)
    {
        var at = name.IndexOf('_', StringComparison.Ordinal) + 1;
        return name.Length >= at + Format.Length
            && DateTimeOffset.TryParseExact(name.AsSpan(at, Format.Length), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }

    /// <summary>The index of the first name that was made at a time, or later.</summary>
    public static int IndexOf(ReadOnlySpan<string> names, LogKind kind, DateTimeOffset time)
    {
        // Names without a time are always checked.
        if (names.Length > 0 && Time(names[0]) is null)
        {
            return 0;
        }

        var index = names.BinarySearch(string.Create(CultureInfo.InvariantCulture, $"{Prefix(kind)}_{time.UtcDateTime:yyyyMMdd-HHmmss}"), StringComparer.Ordinal);
        return index < 0 ? ~index : index;
    }

    /// <summary>Whether it is the name of a log of a kind.</summary>
    public static bool Is(ReadOnlySpan<char> name, LogKind kind) =>
        name.StartsWith(Prefix(kind), StringComparison.Ordinal) && name[Prefix(kind).Length..] is ['_', .. var rest] && rest.EndsWith("-utc.log", StringComparison.Ordinal);

    /// <summary>What the names of a kind begin with.</summary>
    public static string Prefix(LogKind kind) => kind == LogKind.Listener ? "Runner" : "Worker";
}
