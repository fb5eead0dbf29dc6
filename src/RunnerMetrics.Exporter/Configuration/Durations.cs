using System.Globalization;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>48h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    /// <summary>A duration, or <c>off</c>: null.</summary>
    public static (TimeSpan? Value, string? Problem) ParseOrOff(string text) => text == "off" ? (null, null) : Parse(text);

    public static (TimeSpan Value, string? Problem) Parse(string text)
    {
        var unit = text.Length == 0 ? ' ' : text[^1];
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        var valid = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        return valid && seconds > 0 && number * seconds < TimeSpan.MaxValue.TotalSeconds
            ? (TimeSpan.FromSeconds(number * seconds), null)
            : (TimeSpan.Zero, "is not a duration: give a number and s, m, h or d, such as 30s or 7d");
    }
}
