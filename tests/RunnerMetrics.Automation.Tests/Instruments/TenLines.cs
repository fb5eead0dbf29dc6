using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Instruments;

/// <summary>The example of docs/automation.md, as it stands there: a test holds the two equal.</summary>
internal static class TenLines
{
    public static async Task RunAsync(Action<Uri> listening)
    {
        // <example>
        using var server = MetricsServer.Start(new MetricsServerOptions { Port = 0 });
        ProcessMetrics.AddTo(server.Meters);
        SystemMetrics.AddTo(server.Meters);
        var watcher = new TestWatcherMetrics(server.Meters);
        watcher.SetRunning(true);
        using (watcher.TimeProcessing())
        {
            watcher.RecordFileProcessed();
            watcher.RecordTestRun(TestOutcome.Pass);
        }

        // </example>
        listening(server.Address);
        using var client = new PatientHttpClient();
        var scrape = Scraped.Of(await client.GetStringAsync(server.Address, TestContext.Current.CancellationToken));
        Assert.Equal((1, 1), (scrape["test_watcher_tests_run_total{status=\"pass\"}"], scrape["test_watcher_processing_duration_seconds_count"]));
        Assert.True(scrape["process_cpu_seconds_total"] > 0);
    }
}
