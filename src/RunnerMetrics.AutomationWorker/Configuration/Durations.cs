using System.Globalization;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>Durations as people write them: <c>0.5s</c>, <c>5m</c>, <c>48h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    public static (TimeSpan Value, string? Problem) Parse(string text)
    {
        var seconds = text is [.., var unit] ? unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 } : 0;
        return seconds > 0
            && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds is > 0 and <= 30 * 86400
            ? (TimeSpan.FromSeconds(number * seconds), null)
            : (default, "is not a duration: give a number more than 0 and s, m, h or d, up to 30d, such as 0.5s or 15m");
    }
}
