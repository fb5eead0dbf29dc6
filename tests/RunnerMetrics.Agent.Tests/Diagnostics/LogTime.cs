using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

internal static partial class LogTime
{
    /// <summary>Moves every time in a log, or in a log's name.</summary>
    public static string Replace(string text, TimeSpan by)
    {
        var moved = Written().Replace(text, found => Move(found.Value, "yyyy-MM-dd HH:mm:ss", by));
        return Named().Replace(moved, found => Move(found.Value, "yyyyMMdd-HHmmss", by));
    }

    private static string Move(string time, string format, TimeSpan by) =>
        (DateTime.ParseExact(time, format, CultureInfo.InvariantCulture) + by).ToString(format, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=Z)")]
    private static partial Regex Written();

    [GeneratedRegex(@"(?<=(Runner|Worker)_)\d{8}-\d{6}(?=-utc)")]
    private static partial Regex Named();
}
