using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Tests.Instruments;

/// <summary>The example of docs/automation.md, as it stands there: a test holds the two equal.</summary>
internal static class TenLines
{
    public static async Task RunAsync(Action<Uri> listening)
    {
        // <example>
        using var registry = new MetricRegistry();
        ProcessMetrics.AddTo(registry);
        SystemMetrics.AddTo(registry);
        await using var server = await MetricsServer.StartAsync(registry, new MetricsServerOptions { Port = 0 });
        var watcher = new TestWatcherMetrics(registry);
        watcher.SetRunning(true);
        using (watcher.TimeProcessing())
        {
            watcher.RecordFileProcessed();
            watcher.RecordTestRun(TestOutcome.Pass);
        }

        // </example>
        listening(server.Address);
        using var client = new HttpClient();
        var text = await client.GetStringAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Contains("test_watcher_tests_run_total{status=\"pass\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("test_watcher_processing_duration_seconds_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprocess_cpu_seconds_total ", text, StringComparison.Ordinal);
    }
}
