using Grpc.Core;
using RunnerMetrics.Domain;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>The collector's own metrics.</summary>
internal sealed class CollectorMetrics
{
    private readonly MetricRegistry _registry;
    private readonly MetricFamily _events;
    private readonly MetricFamily _rejected;
    private readonly List<EventCounts> _sources = [];
    private readonly Counter _refusedUnauthenticated;
    private readonly Counter _refusedMalformed;

    public CollectorMetrics(MetricRegistry registry)
    {
        _registry = registry;
        _events = registry.Add(MetricCatalog.Events);
        _rejected = registry.Add(MetricCatalog.EventsRejected);
        Events = CountEventsOf("grpc", [RejectionReason.Malformed, RejectionReason.TooOld, RejectionReason.InFuture, RejectionReason.ExcludedRepository]);
        var refused = registry.Add(MetricCatalog.BatchesRefused);
        _refusedUnauthenticated = refused.AddCounter(Labels.Of(("reason", "unauthenticated")));
        _refusedMalformed = refused.AddCounter(Labels.Of(("reason", "malformed")));
        var tokens = registry.Add(MetricCatalog.TokenRefusals);
        RefusedByPattern = tokens.AddCounter(Labels.Of(("reason", "pattern")));
        RefusedByBudget = tokens.AddCounter(Labels.Of(("reason", "budget")));
        SkewedBatches = registry.Add(MetricCatalog.SkewedBatches).AddCounter(Labels.None);
        ClockSkew = registry.Add(MetricCatalog.ClockSkew).AddGauge(Labels.None);
        IngestLag = registry.Add(MetricCatalog.IngestLag).AddHistogram(Labels.None);
        RunnerConflicts = registry.Add(MetricCatalog.RunnerConflicts).AddCounter(Labels.None);
        EventsLost = registry.Add(MetricCatalog.SenderEventsLost).AddCounter(Labels.None);
    }

    public EventCounts Events { get; }

    /// <summary>Events that are not what their token is for.</summary>
    public Counter RefusedByPattern { get; }

    /// <summary>Events beyond their token's budget.</summary>
    public Counter RefusedByBudget { get; }

    public Counter SkewedBatches { get; }

    public Gauge ClockSkew { get; }

    public Histogram IngestLag { get; }

    public Counter EventsLost { get; }

    public Counter RunnerConflicts { get; }

    /// <summary>The counts of each source of events.</summary>
    public IReadOnlyList<EventCounts> Sources => _sources;

    /// <summary>The counts of another source of events.</summary>
    public EventCounts CountEventsOf(string source, IReadOnlyList<RejectionReason> reasons)
    {
        var counts = new EventCounts(_events, _rejected, source, reasons);
        _sources.Add(counts);
        return counts;
    }

    /// <summary>The count of an outcome that only one source has.</summary>
    public Counter CountOutcome(string source, string outcome) => _events.AddCounter(Labels.Of(("source", source), ("outcome", outcome)));

    /// <summary>Counts a call that was answered with an error caused by the sender.</summary>
    public void CountRefusal(StatusCode status)
    {
        var counter = status switch
        {
            StatusCode.Unauthenticated => _refusedUnauthenticated,
            StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.Unimplemented or StatusCode.Internal
                => _refusedMalformed,
            _ => null,
        };
        using (_registry.Gate.Enter())
        {
            counter?.Increment();
        }
    }
}
