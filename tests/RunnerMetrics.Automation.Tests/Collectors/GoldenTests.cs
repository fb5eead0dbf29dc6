using System.Text.RegularExpressions;
using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Collectors;

public sealed partial class GoldenTests : IDisposable
{
    private readonly ServedMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("text/plain", "platform.txt")]
    [InlineData("application/openmetrics-text;version=1.0.0", "platform.openmetrics.txt")]
    public async Task Scrape_EveryComponent_ReadsAsKept(string accept, string file)
    {
        // A clock that stands still: every scrape is the first, which knows no processor time.
        SystemMetrics.AddTo(_meters, time: new ManualTimeProvider());
        AutomationScenario.Play(_meters);
        await Wait.UntilAsync(() => _meters["safe_async_bridge_active_loops"] == 0, "the bridge's loops have ended");

        // What the machine and the clock say differs every time; the rest is to the byte.
        Golden.Matches(file, Measured().Replace(_meters.Scrape(accept).Text, "$1 <measured>"));
    }

    [Fact]
    public async Task Promtool_EveryComponentAndTheProcess_FindsNothing()
    {
        SystemMetrics.AddTo(_meters);
        ProcessMetrics.AddTo(_meters);
        AutomationScenario.Play(_meters);

        await Promtool.CheckAsync(_meters.Scrape().Text, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void ProcessMetrics_AreTheExporters()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells all of them");
        ProcessMetrics.AddTo(_meters);

        var scrape = _meters.Scrape();
        Assert.All(ProcessMetricCatalog.All, family => Assert.Contains(
            $"# TYPE {family.Name} {family.Type.ToString().ToLowerInvariant()}\n# HELP {family.Name} {family.Help}\n", scrape.Text, StringComparison.Ordinal));
        Assert.Equal(
            ["dotnet_gc_collections_total{generation=\"0\"}", "dotnet_gc_collections_total{generation=\"1\"}", "dotnet_gc_collections_total{generation=\"2\"}"],
            scrape.Samples.Keys.Where(sample => sample.Contains('{', StringComparison.Ordinal)));
        Assert.Equal(ProcessMetricCatalog.All.Count + 2, scrape.Samples.Count);
    }

    [GeneratedRegex("^((?:system_[a-z_]+|test_watcher_memory_usage_bytes|[a-z_]+_created){[^}]*}) [0-9.eE+-]+$", RegexOptions.Multiline)]
    private static partial Regex Measured();
}
