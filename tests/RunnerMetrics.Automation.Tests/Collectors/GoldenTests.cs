using System.Text.RegularExpressions;
using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Collectors;

public sealed partial class GoldenTests : IDisposable
{
    private readonly MetricRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    [Theory]
    [InlineData(ExpositionFormat.Text, "platform.txt")]
    [InlineData(ExpositionFormat.OpenMetrics, "platform.openmetrics.txt")]
    public async Task Snapshot_EveryComponent_ReadsAsKept(ExpositionFormat format, string file)
    {
        // A clock that stands still: every scrape is the first, which knows no processor time.
        SystemMetrics.AddTo(_registry, time: new ManualTimeProvider());
        SystemMetrics.AddTo(_registry);
        AutomationScenario.Play(_registry);
        await Wait.UntilAsync(() => Scraped.From(_registry)["safe_async_bridge_active_loops"] == 0, "the bridge's loops have ended");

        // What the machine says differs every time; the rest is to the byte.
        Golden.Matches(file, Measured().Replace(Scraped.From(_registry, format).Text, "$1 <measured>"));
    }

    [Fact]
    public async Task Promtool_EveryComponentAndTheProcess_FindsNothing()
    {
        SystemMetrics.AddTo(_registry);
        ProcessMetrics.AddTo(_registry);
        ProcessMetrics.AddTo(_registry);
        AutomationScenario.Play(_registry);

        await Promtool.CheckAsync(_registry, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("^(system_[a-z_]+|test_watcher_memory_usage_bytes) [0-9.eE+-]+$", RegexOptions.Multiline)]
    private static partial Regex Measured();
}
