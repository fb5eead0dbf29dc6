using System.Globalization;

namespace RunnerMetrics.Demo.CommandLine;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    /// <summary>Reads one.</summary>
    /// <returns>A <see cref="TimeSpan"/> above zero, or null where the text is none.</returns>
    public static object? Parse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' when number < 1000 => TimeSpan.FromHours(number),
            _ => null,
        };
    }

    /// <summary>Writes one: <c>1 m 05 s</c>.</summary>
    public static string Format(TimeSpan duration) => duration.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} m {duration.Seconds:00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)duration.TotalSeconds)} s");
}
