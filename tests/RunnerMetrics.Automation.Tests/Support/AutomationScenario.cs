using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Support;

/// <summary>A small platform with every component, after a little work.</summary>
internal static class AutomationScenario
{
    public static void Play(IMeterFactory meters)
    {
        var clock = new ManualTimeProvider();
        PlayTests(new TestWatcherMetrics(meters, clock), clock);
        PlayAudit(new AuditAgentMetrics(meters, clock), clock);
        using (var bridge = new SafeAsyncBridge(meters, time: clock))
        {
            bridge.Run(_ => Task.CompletedTask);
            Assert.Throws<InvalidOperationException>(() => bridge.Run(static Task (_) => throw new InvalidOperationException("no")));
        }

        var deepseek = new ApiMetrics(meters, "deepseek");
        deepseek.RecordResponseTime(TimeSpan.FromSeconds(0.4));
        deepseek.RecordCall(ApiCallEnd.Success, TimeSpan.FromSeconds(2));
        deepseek.RecordTokens(new TokenUsage(120, 45));
        deepseek.RecordCall(ApiCallEnd.RateLimited, TimeSpan.FromSeconds(0.05));
        deepseek.RecordCall(ApiCallEnd.Timeout, TimeSpan.FromSeconds(30));
        _ = new ApiMetrics(meters, "perplexity");
    }

    private static void PlayTests(TestWatcherMetrics watcher, ManualTimeProvider clock)
    {
        watcher.SetRunning(true);
        watcher.SetChangedFiles(3);
        using (watcher.TimeDebounce())
        {
            clock.Advance(TimeSpan.FromSeconds(0.3));
        }

        using (watcher.TimeProcessing())
        using (watcher.TimeTestExecution())
        {
            clock.Advance(TimeSpan.FromSeconds(4.25));
        }

        watcher.RecordFilesProcessed(2);
        watcher.RecordFileProcessed();
        watcher.SetChangedFiles(0);
        watcher.RecordTestRuns(TestOutcome.Pass, 12);
        watcher.RecordTestRun(TestOutcome.Fail);
        watcher.RecordApiCall("deepseek", ApiCallEnd.Success);
        watcher.RecordError("a \"strange\"\\ type");
    }

    private static void PlayAudit(AuditAgentMetrics audit, ManualTimeProvider clock)
    {
        using (audit.BeginTask())
        using (audit.TimeRun())
        using (audit.TimeAnalysis())
        {
            clock.Advance(TimeSpan.FromSeconds(0.2));
        }

        audit.RecordCommits(4);
        audit.RecordCompletionMarkers();
        audit.SetCoverage(87.5);
        audit.RecordRun(AuditTrigger.Demand);
    }
}
