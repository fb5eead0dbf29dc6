using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.TestWatching;

/// <summary>
/// The metrics of a test watcher. All members are thread-safe. Several watchers of one meter factory share its series: what they count adds up, and
/// <c>test_watcher_is_running</c> is 1 while one of them runs.
/// </summary>
public sealed class TestWatcherMetrics
{
    private static readonly string[] Outcomes = ["pass", "fail", "error"];

    private readonly Counter<long> _filesProcessed;
    private readonly Counter<long> _testsRun;
    private readonly Counter<long> _apiCalls;
    private readonly LimitedLabel _apis;
    private readonly Counter<long> _errors;
    private readonly LimitedLabel _errorTypes;
    private readonly UpDownCounter<long> _changedFilesNow;
    private readonly RunningWatchers _running;
    private readonly Histogram<double> _processing;
    private readonly Histogram<double> _debounce;
    private readonly Histogram<double> _testExecution;
    private readonly TimeProvider _time;
    private int _isRunning;
    private int _changedFiles;

    /// <summary>Makes a collector. Its counters and gauges exist from now on, at 0; its histograms from their first duration on.</summary>
    /// <param name="meters">Makes its instruments; whoever shows them listens already (<see cref="Serving.MetricsServer.Meters"/>).</param>
    /// <param name="time">Measures durations; the system's clock if none is given.</param>
    public TestWatcherMetrics(IMeterFactory meters, TimeProvider? time = null)
    {
        var meter = AutomationMeter.Of(meters);
        _filesProcessed = AutomationMetricCatalog.FilesProcessed.CreateCounter(meter);
        _testsRun = AutomationMetricCatalog.TestsRun.CreateCounter(meter, Outcomes);
        _apiCalls = AutomationMetricCatalog.WatcherApiCalls.CreateCounter(meter);
        _apis = new LimitedLabel(meter, BeginCallsTo);
        _errors = AutomationMetricCatalog.WatcherErrors.CreateCounter(meter, TestWatcherErrors.All);
        _errorTypes = new LimitedLabel(meter, type => AddError(0, type));
        _changedFilesNow = AutomationMetricCatalog.ChangedFiles.CreateLevel(meter);
        AutomationMetricCatalog.WatcherMemory.ObserveGauge(meter, () => Environment.WorkingSet);
        _running = RunningWatchers.Of(meter);
        _processing = AutomationMetricCatalog.ProcessingDuration.CreateHistogram(meter);
        _debounce = AutomationMetricCatalog.DebounceDuration.CreateHistogram(meter);
        _testExecution = AutomationMetricCatalog.TestExecutionDuration.CreateHistogram(meter);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Counts a changed file that was processed.</summary>
    public void RecordFileProcessed() => _filesProcessed.Add(1);

    /// <summary>Counts changed files that were processed.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordFilesProcessed(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _filesProcessed.Add(count);
    }

    /// <summary>Counts a test that ran.</summary>
    public void RecordTestRun(TestOutcome outcome) => RecordTestRuns(outcome, 1);

    /// <summary>Counts tests that ran with the same outcome.</summary>
    /// <param name="outcome">How they ended.</param>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordTestRuns(TestOutcome outcome, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _testsRun.Add(count, new KeyValuePair<string, object?>("status", Outcomes[(int)outcome]));
    }

    /// <summary>Counts a call to an API.</summary>
    /// <param name="api">The API's name; past the limit of label values it counts as <c>other</c>.</param>
    /// <param name="end">How the call ended.</param>
    public void RecordApiCall(string api, ApiCallEnd end) => AddApiCall(1, _apis.Admit(api), ApiCallEnds.StatusOf(end));

    /// <summary>Shows an API's calls at 0, before the first one.</summary>
    public void ExpectCallsTo(string api) => _apis.Admit(api);

    /// <summary>Counts an error of the watcher itself.</summary>
    /// <param name="type">One of <see cref="TestWatcherErrors"/>, or the watcher's own word; beyond the limit of label values it counts as <c>other</c>.</param>
    public void RecordError(string type) => AddError(1, _errorTypes.Admit(type));

    /// <summary>Sets how many changed files wait to be processed, or are being processed now.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void SetChangedFiles(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _changedFilesNow.Add(count - Interlocked.Exchange(ref _changedFiles, count));
    }

    /// <summary>Sets whether this watcher is running.</summary>
    public void SetRunning(bool isRunning)
    {
        var now = isRunning ? 1 : 0;
        _running.Change(now - Interlocked.Exchange(ref _isRunning, now));
    }

    /// <summary>Measures how long a batch of changes is processed.</summary>
    public DurationTimer TimeProcessing() => new(_processing, _time);

    /// <summary>Measures how long the debounce takes.</summary>
    public DurationTimer TimeDebounce() => new(_debounce, _time);

    /// <summary>Measures how long the test command runs.</summary>
    public DurationTimer TimeTestExecution() => new(_testExecution, _time);

    private void BeginCallsTo(string api)
    {
        foreach (var status in ApiCallEnds.Statuses)
        {
            AddApiCall(0, api, status);
        }
    }

    private void AddApiCall(int count, string api, string status) =>
        _apiCalls.Add(count, new KeyValuePair<string, object?>("api", api), new KeyValuePair<string, object?>("status", status));

    private void AddError(int count, string type) => _errors.Add(count, new KeyValuePair<string, object?>("type", type));
}
