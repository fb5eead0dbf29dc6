using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Auditing;

/// <summary>The metrics of an audit agent. All members are thread-safe; several agents of one meter factory share its series.</summary>
public sealed class AuditAgentMetrics
{
    private static readonly string[] Triggers = ["schedule", "demand"];

    private readonly Counter<long> _runs;
    private readonly Counter<long> _completionMarkers;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _errors;
    private readonly LimitedLabel _errorTypes;
    private readonly Gauge<double> _lastRun;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _runDuration;
    private readonly Histogram<double> _analysisDuration;
    private readonly TimeProvider _time;
    private double _coverage = double.NaN;

    /// <summary>
    /// Makes a collector. Its counters exist from now on, at 0; its histograms from their first duration on, the coverage and the last run's time once
    /// they are measured.
    /// </summary>
    /// <param name="meters">Makes its instruments; whoever shows them listens already (<see cref="Serving.MetricsServer.Meters"/>).</param>
    /// <param name="time">Measures durations and says when an audit ended; the system's clock if none is given.</param>
    public AuditAgentMetrics(IMeterFactory meters, TimeProvider? time = null)
    {
        var meter = AutomationMeter.Of(meters);
        _runs = AutomationMetricCatalog.AuditRuns.CreateCounter(meter, Triggers);
        _completionMarkers = AutomationMetricCatalog.CompletionMarkers.CreateCounter(meter);
        _commits = AutomationMetricCatalog.CommitsDetected.CreateCounter(meter);
        _errors = AutomationMetricCatalog.AuditErrors.CreateCounter(meter, AuditErrors.All);
        _errorTypes = new LimitedLabel(meter, type => AddError(0, type));
        AutomationMetricCatalog.Coverage.ObserveGauge(meter, ReadCoverage);
        _lastRun = AutomationMetricCatalog.LastAudit.CreateGauge(meter);
        _active = AutomationMetricCatalog.ActiveAudits.CreateLevel(meter);
        _runDuration = AutomationMetricCatalog.AuditDuration.CreateHistogram(meter);
        _analysisDuration = AutomationMetricCatalog.AnalysisDuration.CreateHistogram(meter);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Counts an audit that ended now.</summary>
    public void RecordRun(AuditTrigger trigger)
    {
        _runs.Add(1, new KeyValuePair<string, object?>("trigger", Triggers[(int)trigger]));
        _lastRun.Record(_time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>Counts completion markers that were found for the first time.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordCompletionMarkers(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _completionMarkers.Add(count);
    }

    /// <summary>Counts commits that were seen for the first time.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void RecordCommits(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _commits.Add(count);
    }

    /// <summary>Counts an error of the agent itself.</summary>
    /// <param name="type">One of <see cref="AuditErrors"/>, or the agent's own word; beyond the limit of label values it counts as <c>other</c>.</param>
    public void RecordError(string type) => AddError(1, _errorTypes.Admit(type));

    /// <summary>Sets the coverage.</summary>
    /// <param name="percent">From 0 to 100; null if none was measured: then there is no sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 100.</exception>
    public void SetCoverage(double? percent)
    {
        if (percent is { } value && !(value is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A coverage is from 0 to 100.");
        }

        Volatile.Write(ref _coverage, percent ?? double.NaN);
    }

    /// <summary>Counts a task as active until the returned object is disposed.</summary>
    public ActiveTask BeginTask() => new(_active);

    /// <summary>Measures how long an audit takes.</summary>
    public DurationTimer TimeRun() => new(_runDuration, _time);

    /// <summary>Measures how long one analysis of an audit takes.</summary>
    public DurationTimer TimeAnalysis() => new(_analysisDuration, _time);

    private double? ReadCoverage()
    {
        var percent = Volatile.Read(ref _coverage);
        return double.IsNaN(percent) ? null : percent;
    }

    private void AddError(int count, string type) => _errors.Add(count, new KeyValuePair<string, object?>("type", type));
}
