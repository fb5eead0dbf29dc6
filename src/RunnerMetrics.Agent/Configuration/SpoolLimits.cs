using System.Globalization;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Checks how much the spool keeps, and for how long.</summary>
internal static class SpoolLimits
{
    private const long SmallestSpool = 1024 * 1024;
    private const long LargestSpool = 1024L * 1024 * 1024;

    // The collector rejects what is older than 35 days.
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(35);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(1);

    public static long ValidateSize(string? text, List<string> problems)
    {
        if (text is null)
        {
            return 64 * 1024 * 1024;
        }

        var unit = text.Length == 0 ? 0 : text[^1] switch { 'K' or 'k' => 1024L, 'M' or 'm' => 1024 * 1024, 'G' or 'g' => 1024 * 1024 * 1024, _ => 0 };
        var number = unit == 0 ? text : text[..^1];
        if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= LargestSpool && count * Math.Max(1, unit) is >= SmallestSpool and <= LargestSpool and var bytes)
        {
            return bytes;
        }

        problems.Add($"--spool-max-size '{text}' is no size of a spool: give 1M to 1G, such as 64M.");
        return 0;
    }

    public static TimeSpan ValidateAge(string? text, List<string> problems) =>
        Validate("--spool-max-age", text, TimeSpan.FromDays(30), TimeSpan.FromMinutes(1), LongestAge, "1m to 35d, such as 30d", problems);

    public static TimeSpan ValidateFlush(string? text, List<string> problems) =>
        Validate("--flush-timeout", text, TimeSpan.FromSeconds(3), TimeSpan.Zero, LongestFlush, "0s to 60s, such as 3s", problems);

    private static TimeSpan Validate(
        string option, string? text, TimeSpan usual, TimeSpan least, TimeSpan most, string right, List<string> problems)
    {
        if (text is null)
        {
            return usual;
        }

        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit > 0 && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && TimeSpan.FromSeconds((double)count * unit) is var time && time >= least && time <= most)
        {
            return time;
        }

        problems.Add($"{option} '{text}' is no such time: give {right}.");
        return usual;
    }
}
