using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.TestWatching;

/// <summary>
/// The metrics of a test watcher. All members are thread-safe. Several watchers of one registry share its series: what they count adds up, and
/// <c>test_watcher_is_running</c> is 1 while one of them runs.
/// </summary>
public sealed class TestWatcherMetrics
{
    private readonly TestWatcherInstruments _instruments;
    private readonly MetricGate _gate;
    private readonly TimeProvider _time;
    private bool _isRunning;
    private int _changedFiles;

    /// <summary>Makes a collector. Its series exist from now on, at 0.</summary>
    /// <param name="registry">Where they are shown.</param>
    /// <param name="time">Measures durations; the system's clock if none is given.</param>
    public TestWatcherMetrics(MetricRegistry registry, TimeProvider? time = null)
    {
        _instruments = TestWatcherInstruments.Of(registry);
        _gate = registry.Gate;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Counts a changed file that was processed.</summary>
    public void RecordFileProcessed() => RecordFilesProcessed(1);

    /// <summary>Counts changed files that were processed.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordFilesProcessed(int count)
    {
        using var recording = _instruments.Recorder.Begin();
        recording.Add(_instruments.FilesProcessed, count);
    }

    /// <summary>Counts a test that ran.</summary>
    public void RecordTestRun(TestOutcome outcome) => RecordTestRuns(outcome, 1);

    /// <summary>Counts tests that ran with the same outcome.</summary>
    /// <param name="outcome">How they ended.</param>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordTestRuns(TestOutcome outcome, int count)
    {
        using var recording = _instruments.Recorder.Begin();
        recording.Add(_instruments.TestsRun[(int)outcome], count);
    }

    /// <summary>Counts a call to an API.</summary>
    /// <param name="api">The API's name; past the registry's limit of label values it counts as <c>other</c>.</param>
    /// <param name="end">How the call ended.</param>
    public void RecordApiCall(string api, ApiCallEnd end)
    {
        var counters = _instruments.ApiCalls.Get(api);
        using var recording = _instruments.Recorder.Begin();
        recording.Add(counters[ApiCallEnds.StatusOf(end)]);
    }

    /// <summary>Shows an API's calls at 0, before the first one.</summary>
    public void ExpectCallsTo(string api) => _instruments.ApiCalls.Get(api);

    /// <summary>Counts an error of the watcher itself.</summary>
    /// <param name="type">One of <see cref="TestWatcherErrors"/>, or the watcher's own word; beyond the registry's limit of label values it counts as <c>other</c>.</param>
    public void RecordError(string type)
    {
        var counter = _instruments.Errors.Get(type);
        using var recording = _instruments.Recorder.Begin();
        recording.Add(counter);
    }

    /// <summary>Sets how many changed files wait to be processed, or are being processed now.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void SetChangedFiles(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var before = Interlocked.Exchange(ref _changedFiles, count);
        using var recording = _instruments.Recorder.Begin();
        recording.Change(_instruments.ChangedFiles, count - before);
    }

    /// <summary>Sets whether this watcher is running.</summary>
    public void SetRunning(bool isRunning)
    {
        using (_gate.Enter())
        {
            if (isRunning != _isRunning)
            {
                _isRunning = isRunning;
                _instruments.ChangeRunning(isRunning ? 1 : -1);
            }
        }
    }

    /// <summary>Measures how long a batch of changes is processed.</summary>
    public DurationTimer TimeProcessing() => new(_instruments.Recorder, _instruments.Processing, _time);

    /// <summary>Measures how long the debounce takes.</summary>
    public DurationTimer TimeDebounce() => new(_instruments.Recorder, _instruments.Debounce, _time);

    /// <summary>Measures how long the test command runs.</summary>
    public DurationTimer TimeTestExecution() => new(_instruments.Recorder, _instruments.TestExecution, _time);
}
