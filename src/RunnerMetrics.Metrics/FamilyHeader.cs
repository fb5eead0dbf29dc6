using System.Text;

namespace RunnerMetrics.Metrics;

/// <summary>The lines before a family's samples.</summary>
internal static class FamilyHeader
{
    public static byte[] ForText(MetricDescriptor family) =>
        Encoding.UTF8.GetBytes($"# HELP {family.Name} {EscapeHelp(family.Help, quotes: false)}\n# TYPE {family.Name} {TypeName(family.Type)}\n");

    // OpenMetrics names a counter's family without "_total", and requires the unit if the name ends in one.
    public static byte[] ForOpenMetrics(MetricDescriptor family)
    {
        var unit = family.Unit is null ? "" : $"# UNIT {family.FamilyName} {family.Unit}\n";
        return Encoding.UTF8.GetBytes(
            $"# TYPE {family.FamilyName} {TypeName(family.Type)}\n{unit}# HELP {family.FamilyName} {EscapeHelp(family.Help, quotes: true)}\n");
    }

    private static string TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static string EscapeHelp(string help, bool quotes)
    {
        var escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
