using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Collectors;

public sealed class CollectorTests : IDisposable
{
    private readonly MetricRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Registry_ComponentThatIsNotThere_HasNoSeries()
    {
        _ = new AuditAgentMetrics(_registry);

        Assert.DoesNotMatch("test_watcher|safe_async|_api_|system_", Scraped.From(_registry).Text);
    }

    [Fact]
    public void TestWatcher_Made_IsBornAtZero()
    {
        _ = new TestWatcherMetrics(_registry);

        var scrape = Scraped.From(_registry);
        Assert.Equal((0, 0, 0), (scrape["test_watcher_files_processed_total"], scrape["test_watcher_is_running"], scrape["test_watcher_changed_files_current"]));
        Assert.All(["pass", "fail", "error"], status => Assert.Equal(0, scrape[$"test_watcher_tests_run_total{{status=\"{status}\"}}"]));
        Assert.All(["watch", "command", "report", "api"], type => Assert.Equal(0, scrape[$"test_watcher_errors_total{{type=\"{type}\"}}"]));
        Assert.DoesNotContain("test_watcher_api_calls_total{", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_CoverageNotMeasured_IsAbsent()
    {
        var audit = new AuditAgentMetrics(_registry);
        Assert.Null(Scraped.From(_registry)["audit_agent_coverage_percent"]);
        Assert.Null(Scraped.From(_registry)["audit_agent_last_run_timestamp_seconds"]);

        audit.SetCoverage(0);
        Assert.Equal(0, Scraped.From(_registry)["audit_agent_coverage_percent"]);
        audit.SetCoverage(null);
        Assert.Null(Scraped.From(_registry)["audit_agent_coverage_percent"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => audit.SetCoverage(100.1));
    }

    [Fact]
    public void Collectors_SeveralOfOneRegistry_AddUp()
    {
        TestWatcherMetrics[] watchers = [new(_registry), new(_registry), new(_registry)];
        foreach (var watcher in watchers)
        {
            watcher.RecordTestRun(TestOutcome.Fail);
            watcher.SetChangedFiles(4);
            watcher.SetRunning(true);
            watcher.SetRunning(true);
        }

        watchers[0].SetRunning(false);
        watchers[0].SetChangedFiles(1);
        var scrape = Scraped.From(_registry);
        Assert.Equal((3, 9, 1), (scrape["test_watcher_tests_run_total{status=\"fail\"}"], scrape["test_watcher_changed_files_current"], scrape["test_watcher_is_running"]));
        watchers[1].SetRunning(false);
        watchers[2].SetRunning(false);
        Assert.Equal(0, Scraped.From(_registry)["test_watcher_is_running"]);

        ApiMetrics[] apis = [new(_registry, "deepseek"), new(_registry, "deepseek"), new(_registry, "perplexity")];
        Array.ForEach(apis, api => api.RecordCall(ApiCallEnd.Success, TimeSpan.FromSeconds(1)));
        Assert.Equal(2, Scraped.From(_registry)["deepseek_api_calls_total{status=\"success\"}"]);
        Assert.Equal(1, Scraped.From(_registry)["perplexity_api_calls_total{status=\"success\"}"]);
    }

    [Fact]
    public void Timers_Disposed_RecordWhatPassed()
    {
        var clock = new ManualTimeProvider();
        var watcher = new TestWatcherMetrics(_registry, clock);
        var audit = new AuditAgentMetrics(_registry, clock);
        using (watcher.TimeProcessing())
        using (audit.TimeRun())
        using (audit.BeginTask())
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(1, Scraped.From(_registry)["audit_agent_active_tasks"]);
        }

        var scrape = Scraped.From(_registry);
        Assert.Equal((1, 3, 0), (scrape["test_watcher_processing_duration_seconds_count"], scrape["test_watcher_processing_duration_seconds_sum"], scrape["audit_agent_active_tasks"]));
        Assert.Equal((0, 1), (scrape["audit_agent_run_duration_seconds_bucket{le=\"2.5\"}"], scrape["audit_agent_run_duration_seconds_bucket{le=\"5.0\"}"]));
    }

    [Fact]
    public void Labels_FromOutside_AreCapped()
    {
        using var registry = new MetricRegistry { MaxLabelSets = 10 };
        var watcher = new TestWatcherMetrics(registry);
        for (var i = 0; i < 100; i++)
        {
            watcher.RecordError($"type {i}");
            watcher.RecordApiCall($"api {i}", ApiCallEnd.Timeout);
        }

        var scrape = Scraped.From(registry);
        Assert.Equal(100, scrape.Sum("test_watcher_errors_total"));
        Assert.Equal(94, scrape["test_watcher_errors_total{type=\"other\"}"]);
        Assert.Equal(90, scrape["test_watcher_api_calls_total{api=\"other\",status=\"timeout\"}"]);
        Assert.Equal(184, scrape["runner_metrics_dropped_series_total"]);
    }

    [Fact]
    public void Verbs_OnTheHotPath_AllocateNothing()
    {
        var watcher = new TestWatcherMetrics(_registry);
        var audit = new AuditAgentMetrics(_registry);
        var api = new ApiMetrics(_registry, "deepseek");
        void Record()
        {
            watcher.RecordFileProcessed();
            watcher.RecordTestRun(TestOutcome.Pass);
            watcher.RecordError(TestWatcherErrors.Command);
            watcher.RecordApiCall("deepseek", ApiCallEnd.Success);
            watcher.SetChangedFiles(3);
            using (watcher.TimeProcessing())
            using (audit.BeginTask())
            {
                audit.RecordCommits();
            }

            api.RecordCall(ApiCallEnd.ServerError, TimeSpan.FromSeconds(1));
            api.RecordTokens(new TokenUsage(3, 4));
        }

        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Record();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
