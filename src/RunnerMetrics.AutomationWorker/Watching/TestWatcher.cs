using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Programs;

namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>Runs the tests when files changed, counts how they ended, and requests an explanation if configured.</summary>
internal sealed class TestWatcher : IDisposable
{
    /// <summary>Lines of a command's output that are logged if it gave no verdict.</summary>
    private const int MostLines = 20;

    private readonly WatchOptions _options;
    private readonly TestWatcherMetrics _metrics;
    private readonly SafeAsyncBridge _bridge;
    private readonly Explainer? _explainer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FolderWatch _watch;

    public TestWatcher(
        WatchOptions options, TestWatcherMetrics metrics, SafeAsyncBridge bridge, Explainer? explainer, TimeProvider time, ILogger<TestWatcher> logger)
    {
        _options = options;
        _metrics = metrics;
        _bridge = bridge;
        _explainer = explainer;
        _time = time;
        _logger = logger;
        _watch = new FolderWatch(options, metrics, Process, time, logger);
        foreach (var api in explainer?.Apis ?? [])
        {
            metrics.ExpectCallsTo(api);
        }
    }

    /// <summary>What keeps it from watching, or null if it is alive.</summary>
    public string? Problem => _watch.Problem;

    /// <summary>Starts to watch.</summary>
    /// <exception cref="IOException">The folder cannot be watched.</exception>
    public void Start() => _watch.Start();

    public void Dispose() => _watch.Dispose();

    // On the watch's own thread, which is synchronous: what takes its time is awaited over the bridge.
    private void Process(IReadOnlyList<string> changed)
    {
        var run = RunTests();
        _metrics.RecordTestRuns(TestOutcome.Pass, run.Counts.Passed);
        _metrics.RecordTestRuns(TestOutcome.Fail, run.Counts.Failed);
        _metrics.RecordTestRuns(TestOutcome.Error, run.Counts.Errors);
        WorkerLog.TestsRan(_logger, changed.Count, run.Counts.Passed, run.Counts.Failed, run.Counts.Errors);
        if (run.CommandProblem is { } problem)
        {
            _metrics.RecordError(TestWatcherErrors.Command);
            WorkerLog.CommandFailed(_logger, problem);
        }

        if (run.Counts.Errors > 0)
        {
            WorkerLog.CommandOutput(_logger, string.Join('\n', run.Output.Split('\n')[^Math.Min(MostLines, run.Output.Count(c => c == '\n') + 1)..]));
        }

        foreach (var report in run.ReportProblems)
        {
            _metrics.RecordError(TestWatcherErrors.Report);
            WorkerLog.ReportFailed(_logger, report);
        }

        if (_explainer is not null && run.Counts.Failures.Count > 0)
        {
            Explain(_explainer, run.Counts.Failures);
        }
    }

    private TestRun RunTests()
    {
        var before = _options.Results is { } pattern ? TestRun.ReportsIn(_options.Folder, pattern) : null;
        ProgramRun run;
        using (_metrics.TimeTestExecution())
        {
            run = _bridge.Run(
                token => ProgramRun.RunAsync(_options.TestCommand, _options.Folder, _options.TestTimeout, _time, token), Timeout.InfiniteTimeSpan, _watch.Stopping);
        }

        return TestRun.Read(run, before is null ? null : [.. TestRun.ReportsIn(_options.Folder, _options.Results!).Except(before).Select(report => report.Key)]);
    }

    private void Explain(Explainer explainer, IReadOnlyList<FailedTest> failures)
    {
        try
        {
            var explanation = _bridge.Run(token => explainer.ExplainAsync(failures, _metrics, token), Timeout.InfiniteTimeSpan, _watch.Stopping);
            if (explanation is not null)
            {
                WorkerLog.Explained(_logger, explanation);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or UnauthorizedAccessException && !_watch.Stopping.IsCancellationRequested)
        {
            // The tests are counted even if they are not explained.
            _metrics.RecordError(TestWatcherErrors.Api);
            WorkerLog.ExplanationFailed(_logger, e.Message);
        }
    }
}
