using System.Globalization;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>The ways in which the runner writes a time.</summary>
internal static class LogTime
{
    /// <summary><c>2026-11-21 00:22:43Z</c></summary>
    public static string Second(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-21T00:22:44.4604175Z</c>, without trailing zeros.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    /// <summary><c>11/21/2026 00:32:43</c></summary>
    public static string American(DateTimeOffset time) => time.UtcDateTime.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Whole seconds, rounded up, as step telemetry counts them.</summary>
    public static string Seconds(TimeSpan duration) => Math.Max(1, Math.Ceiling(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The moment as the runner's log can tell it: whole seconds.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
