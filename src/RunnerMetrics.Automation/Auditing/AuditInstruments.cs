using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Auditing;

/// <summary>The shared series of all audit agents of one registry.</summary>
internal sealed class AuditInstruments
{
    private AuditInstruments(MetricRegistry registry)
    {
        Recorder = registry.Recorder;
        Runs = registry.AddCounters(AutomationMetricCatalog.AuditRuns, ["schedule", "demand"]);
        CompletionMarkers = registry.AddCounter(AutomationMetricCatalog.CompletionMarkers);
        Commits = registry.AddCounter(AutomationMetricCatalog.CommitsDetected);
        Errors = registry.AddCappedCounters(AutomationMetricCatalog.AuditErrors, AuditErrors.All);
        Coverage = registry.AddGauge(AutomationMetricCatalog.Coverage);
        LastRun = registry.AddGauge(AutomationMetricCatalog.LastAudit);
        Active = registry.AddLevel(AutomationMetricCatalog.ActiveAudits);
        RunDuration = registry.AddHistogram(AutomationMetricCatalog.AuditDuration);
        AnalysisDuration = registry.AddHistogram(AutomationMetricCatalog.AnalysisDuration);
    }

    public Recorder Recorder { get; }

    public ConcurrentCounter[] Runs { get; }

    public ConcurrentCounter CompletionMarkers { get; }

    public ConcurrentCounter Commits { get; }

    public CappedSeries<ConcurrentCounter> Errors { get; }

    public Gauge Coverage { get; }

    public Gauge LastRun { get; }

    public ConcurrentGauge Active { get; }

    public ConcurrentHistogram RunDuration { get; }

    public ConcurrentHistogram AnalysisDuration { get; }

    public static AuditInstruments Of(MetricRegistry registry) => registry.Share("audit agent", static registry => new AuditInstruments(registry));
}
