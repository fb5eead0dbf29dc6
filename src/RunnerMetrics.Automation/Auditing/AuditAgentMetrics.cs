using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Auditing;

/// <summary>The metrics of an audit agent. All members are thread-safe; several agents of one registry share its series.</summary>
public sealed class AuditAgentMetrics
{
    private readonly AuditInstruments _instruments;
    private readonly MetricGate _gate;
    private readonly TimeProvider _time;

    /// <summary>Makes a collector. Its series exist from now on, at 0; the coverage and the last run's time once they are measured.</summary>
    /// <param name="registry">Where they are shown.</param>
    /// <param name="time">Measures durations and says when an audit ended; the system's clock if none is given.</param>
    public AuditAgentMetrics(MetricRegistry registry, TimeProvider? time = null)
    {
        _instruments = AuditInstruments.Of(registry);
        _gate = registry.Gate;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Counts an audit that ended now.</summary>
    public void RecordRun(AuditTrigger trigger)
    {
        using (var recording = _instruments.Recorder.Begin())
        {
            recording.Add(_instruments.Runs[(int)trigger]);
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        using (_gate.Enter())
        {
            _instruments.LastRun.Set(Math.Max(now, _instruments.LastRun.Value ?? now));
        }
    }

    /// <summary>Counts completion markers that were found for the first time.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordCompletionMarkers(int count = 1)
    {
        using var recording = _instruments.Recorder.Begin();
        recording.Add(_instruments.CompletionMarkers, count);
    }

    /// <summary>Counts commits that were seen for the first time.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordCommits(int count = 1)
    {
        using var recording = _instruments.Recorder.Begin();
        recording.Add(_instruments.Commits, count);
    }

    /// <summary>Counts an error of the agent itself.</summary>
    /// <param name="type">One of <see cref="AuditErrors"/>, or the agent's own word; beyond the registry's limit of label values it counts as <c>other</c>.</param>
    public void RecordError(string type)
    {
        var counter = _instruments.Errors.Get(type);
        using var recording = _instruments.Recorder.Begin();
        recording.Add(counter);
    }

    /// <summary>Sets the coverage.</summary>
    /// <param name="percent">From 0 to 100; null if none was measured: then there is no sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 100.</exception>
    public void SetCoverage(double? percent)
    {
        if (percent is { } value && !(value is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A coverage is from 0 to 100.");
        }

        using (_gate.Enter())
        {
            _instruments.Coverage.Set(percent);
        }
    }

    /// <summary>Counts a task as active until the returned object is disposed.</summary>
    public ActiveTask BeginTask() => new(_instruments.Recorder, _instruments.Active);

    /// <summary>Measures how long an audit takes.</summary>
    public DurationTimer TimeRun() => new(_instruments.Recorder, _instruments.RunDuration, _time);

    /// <summary>Measures how long one analysis of an audit takes.</summary>
    public DurationTimer TimeAnalysis() => new(_instruments.Recorder, _instruments.AnalysisDuration, _time);
}
