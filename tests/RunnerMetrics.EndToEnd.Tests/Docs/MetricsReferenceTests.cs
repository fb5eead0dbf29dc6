using System.Globalization;
using System.Text;
using RunnerMetrics.Domain;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>docs/metrics.md says what the catalogue says. To regenerate it: <c>UPDATE_DOCS=1 dotnet test --project tests/RunnerMetrics.EndToEnd.Tests</c>.</summary>
public class MetricsReferenceTests
{
    private const string Begin = "<!-- catalogue: written by MetricsReferenceTests, do not edit by hand -->";
    private const string End = "<!-- end of catalogue -->";

    [Fact]
    public void MetricsReference_Catalogue_IsTheSame()
    {
        var path = Path.Combine(RepositoryFolder.Path, "docs", "metrics.md");
        var text = File.ReadAllText(path);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end > start, $"{path} has lost its markers");
        var right = $"{text[..start]}\n\n{Render()}\n{text[end..]}";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, right);
        }

        Assert.Equal(right, File.ReadAllText(path));
    }

    private static string Render()
    {
        var table = new StringBuilder();
        AppendSection(table, "Runners and jobs", d => d.Name.StartsWith("github_", StringComparison.Ordinal));
        AppendSection(table, "The exporter itself", d => d.Name.StartsWith("runner_metrics_", StringComparison.Ordinal));
        AppendSection(table, "Its process", d => !d.Name.StartsWith("github_", StringComparison.Ordinal) && !d.Name.StartsWith("runner_metrics_", StringComparison.Ordinal));
        return table.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendSection(StringBuilder table, string title, Func<MetricDescriptor, bool> belongs)
    {
        table.Append(CultureInfo.InvariantCulture, $"### {title}\n\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n");
        foreach (var metric in MetricCatalog.All.Where(belongs))
        {
            var labels = string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
            var buckets = metric.Buckets.Count == 0 ? "" : " Buckets: " + string.Join(" ", metric.Buckets.Select(b => b.ToString(CultureInfo.InvariantCulture))) + ".";
            table.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {metric.Type.ToString().ToLowerInvariant()} | {labels} | {metric.Help}{buckets} |\n");
        }

        table.Append('\n');
    }
}
