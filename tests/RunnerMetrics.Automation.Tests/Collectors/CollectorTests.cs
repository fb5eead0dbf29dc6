using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Collectors;

public sealed class CollectorTests : IDisposable
{
    private readonly ServedMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Scrape_ComponentThatIsNotThere_HasNoSeries()
    {
        _ = new AuditAgentMetrics(_meters);

        Assert.DoesNotMatch("test_watcher|safe_async|_api_|system_", _meters.Scrape().Text);
    }

    [Fact]
    public void TestWatcher_Made_IsBornAtZero()
    {
        _ = new TestWatcherMetrics(_meters);

        var scrape = _meters.Scrape();
        Assert.Equal((0, 0, 0), (scrape["test_watcher_files_processed_total"], scrape["test_watcher_is_running"], scrape["test_watcher_changed_files_current"]));
        Assert.All(["pass", "fail", "error"], status => Assert.Equal(0, scrape[$"test_watcher_tests_run_total{{status=\"{status}\"}}"]));
        Assert.All(["watch", "command", "report", "api"], type => Assert.Equal(0, scrape[$"test_watcher_errors_total{{type=\"{type}\"}}"]));
        Assert.DoesNotContain("test_watcher_api_calls_total{", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_CoverageNotMeasured_IsAbsent()
    {
        var audit = new AuditAgentMetrics(_meters);
        Assert.Null(_meters["audit_agent_coverage_percent"]);
        Assert.Null(_meters["audit_agent_last_run_timestamp_seconds"]);

        audit.SetCoverage(0);
        Assert.Equal(0, _meters["audit_agent_coverage_percent"]);
        audit.SetCoverage(null);
        Assert.Null(_meters["audit_agent_coverage_percent"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => audit.SetCoverage(100.1));
    }

    [Fact]
    public void Collectors_SeveralOfOneFactory_AddUp()
    {
        TestWatcherMetrics[] watchers = [new(_meters), new(_meters), new(_meters)];
        foreach (var watcher in watchers)
        {
            watcher.RecordTestRun(TestOutcome.Fail);
            watcher.SetChangedFiles(4);
            watcher.SetRunning(true);
            watcher.SetRunning(true);
        }

        watchers[0].SetRunning(false);
        watchers[0].SetChangedFiles(1);
        var scrape = _meters.Scrape();
        Assert.Equal((3, 9, 1), (scrape["test_watcher_tests_run_total{status=\"fail\"}"], scrape["test_watcher_changed_files_current"], scrape["test_watcher_is_running"]));
        watchers[1].SetRunning(false);
        watchers[2].SetRunning(false);
        Assert.Equal(0, _meters["test_watcher_is_running"]);

        ApiMetrics[] apis = [new(_meters, "deepseek"), new(_meters, "deepseek"), new(_meters, "perplexity")];
        Array.ForEach(apis, api => api.RecordCall(ApiCallEnd.Success, TimeSpan.FromSeconds(1)));
        Assert.Equal(2, _meters["deepseek_api_calls_total{status=\"success\"}"]);
        Assert.Equal(1, _meters["perplexity_api_calls_total{status=\"success\"}"]);
    }

    [Fact]
    public void Timers_Disposed_RecordWhatPassed()
    {
        var clock = new ManualTimeProvider();
        var watcher = new TestWatcherMetrics(_meters, clock);
        var audit = new AuditAgentMetrics(_meters, clock);
        using (watcher.TimeProcessing())
        using (audit.TimeRun())
        using (audit.BeginTask())
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(1, _meters["audit_agent_active_tasks"]);
        }

        var scrape = _meters.Scrape();
        Assert.Equal((1, 3, 0), (scrape["test_watcher_processing_duration_seconds_count"], scrape["test_watcher_processing_duration_seconds_sum"], scrape["audit_agent_active_tasks"]));
        Assert.Equal((0, 1), (scrape["audit_agent_run_duration_seconds_bucket{le=\"2.5\"}"], scrape["audit_agent_run_duration_seconds_bucket{le=\"5\"}"]));
    }

    [Fact]
    public void Labels_FromOutside_AreLimited()
    {
        var watcher = new TestWatcherMetrics(_meters);
        for (var i = 0; i < 1_000; i++)
        {
            watcher.RecordError($"type {i}");
            watcher.RecordApiCall($"api {i}", ApiCallEnd.Timeout);
        }

        watcher.RecordError("");
        watcher.RecordError(new string('x', 129));
        var scrape = _meters.Scrape();
        Assert.Equal(1_002, scrape.Sum("test_watcher_errors_total"));
        Assert.Equal(1_000, scrape.Sum("test_watcher_api_calls_total"));
        Assert.Equal((902, 900), (scrape["test_watcher_errors_total{type=\"other\"}"], scrape["test_watcher_api_calls_total{api=\"other\",status=\"timeout\"}"]));
        Assert.Equal((1, 0), (scrape["test_watcher_api_calls_total{api=\"api 99\",status=\"timeout\"}"], scrape["test_watcher_api_calls_total{api=\"api 99\",status=\"success\"}"]));
        Assert.Equal(1_802, scrape["runner_metrics_dropped_series_total"]);
        Assert.DoesNotContain("otel_", scrape.Text, StringComparison.Ordinal); // neither its overflow nor its scope
    }

    [Fact]
    public void Counts_BelowZero_AreRefused()
    {
        var watcher = new TestWatcherMetrics(_meters);
        var audit = new AuditAgentMetrics(_meters);
        Assert.All(
            (Action[])[
                () => watcher.RecordFilesProcessed(-1), () => watcher.RecordTestRuns(TestOutcome.Pass, -1), () => watcher.SetChangedFiles(-1),
                () => audit.RecordCommits(-1), () => audit.RecordCompletionMarkers(-1)],
            record => Assert.Throws<ArgumentOutOfRangeException>(record));
    }

    [Fact]
    public void Collectors_OfAnotherFactory_AreNotShown()
    {
        using var others = new ServedMeters();
        new TestWatcherMetrics(_meters).RecordFilesProcessed(1);
        new TestWatcherMetrics(others).RecordFilesProcessed(5);
        _ = new AuditAgentMetrics(others);

        Assert.Equal((1, 5), (_meters["test_watcher_files_processed_total"], others["test_watcher_files_processed_total"]));
        Assert.DoesNotContain("audit_agent", _meters.Scrape().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbs_OnTheHotPath_AllocateNothing()
    {
        var watcher = new TestWatcherMetrics(_meters);
        var audit = new AuditAgentMetrics(_meters);
        var api = new ApiMetrics(_meters, "deepseek");
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
