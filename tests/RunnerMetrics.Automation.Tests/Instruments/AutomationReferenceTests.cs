using System.Globalization;
using System.Text;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Instruments;

/// <summary>docs/automation.md says what the catalogue and the code say. To regenerate it: <c>UPDATE_DOCS=1 dotnet test --project tests/RunnerMetrics.Automation.Tests</c>.</summary>
public class AutomationReferenceTests
{
    private static readonly string Page = Path.Combine(RepositoryFolder.Path, "docs", "automation.md");

    [Fact]
    public void Reference_Catalogue_IsTheSame() => AssertHolds("catalogue", Render());

    [Fact]
    public void Reference_Example_IsTheSameAsTheCodeThatRuns() => AssertHolds("example", $"```csharp\n{Example()}\n```\n");

    [Fact]
    public async Task Reference_Example_Runs()
    {
        Uri? address = null;
        await TenLines.RunAsync(at => address = at);
        Assert.True(address?.IsLoopback);
    }

    private static void AssertHolds(string part, string right)
    {
        var (begin, end) = ($"<!-- {part}: written by AutomationReferenceTests, do not edit by hand -->\n", $"<!-- end of {part} -->");
        lock (Page)
        {
            var text = File.ReadAllText(Page);
            var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            var stop = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(start >= begin.Length && stop > start, $"{Page} has lost the markers of its {part}");
            if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            {
                File.WriteAllText(Page, text = $"{text[..start]}\n{right}\n{text[stop..]}");
                stop = text.IndexOf(end, StringComparison.Ordinal);
            }

            Assert.Equal($"\n{right}\n", text[start..stop]);
        }
    }

    private static string Example()
    {
        var source = Path.Combine(RepositoryFolder.Path, "tests", "RunnerMetrics.Automation.Tests", "Instruments", "TenLines.cs");
        var lines = File.ReadAllLines(source).SkipWhile(line => !line.EndsWith("// <example>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("// </example>", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(line => line.Length > 8 ? line[8..] : line)).TrimEnd();
    }

    private static string Render()
    {
        var table = new StringBuilder();
        Append(table, "The test watcher", Of("test_watcher_"));
        Append(table, "The audit agent", Of("audit_agent_"));
        Append(table, "The bridge from synchronous to asynchronous code", Of("safe_async_bridge_"));
        Append(table, "Calls to an API (`deepseek`; `perplexity` and others alike)", new ApiMetricCatalog("deepseek").All);
        Append(table, "The machine", Of("system_"));
        return table.ToString().TrimEnd('\n') + "\n";
    }

    private static IEnumerable<AutomationMetric> Of(string prefix) =>
        AutomationMetricCatalog.All.Where(metric => metric.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static void Append(StringBuilder table, string title, IEnumerable<AutomationMetric> metrics)
    {
        table.Append(CultureInfo.InvariantCulture, $"### {title}\n\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n");
        foreach (var metric in metrics)
        {
            var labels = string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
            var buckets = metric.Buckets.Count == 0 ? "" : " Buckets: " + string.Join(" ", metric.Buckets.Select(b => b.ToString(CultureInfo.InvariantCulture))) + ".";
            table.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {metric.Type.ToString().ToLowerInvariant()} | {labels} | {metric.Help}{buckets} |\n");
        }

        table.Append('\n');
    }
}
