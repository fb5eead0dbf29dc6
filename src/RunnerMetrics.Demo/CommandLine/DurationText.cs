using System.Globalization;

namespace RunnerMetrics.Demo.CommandLine;

/// <summary>Durations for people to read.</summary>
internal static class DurationText
{
    /// <summary>Writes one: <c>1 m 05 s</c>.</summary>
    public static string Format(TimeSpan duration) => duration.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} m {duration.Seconds:00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)duration.TotalSeconds)} s");
}
