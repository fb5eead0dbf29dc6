using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>The collector's own metrics.</summary>
internal sealed class CollectorMetrics
{
    private readonly MetricRegistry _registry;
    private readonly Counter _refusedUnauthenticated;
    private readonly Counter _refusedMalformed;

    public CollectorMetrics(MetricRegistry registry)
    {
        _registry = registry;
        Events = new EventCounts(registry.Add(MetricCatalog.Events), registry.Add(MetricCatalog.EventsRejected), "grpc");
        var refused = registry.Add(MetricCatalog.BatchesRefused);
        _refusedUnauthenticated = refused.AddCounter(Labels.Of(("reason", "unauthenticated")));
        _refusedMalformed = refused.AddCounter(Labels.Of(("reason", "malformed")));
        SkewedBatches = registry.Add(MetricCatalog.SkewedBatches).AddCounter(Labels.None);
        ClockSkew = registry.Add(MetricCatalog.ClockSkew).AddGauge(Labels.None);
        IngestLag = registry.Add(MetricCatalog.IngestLag).AddHistogram(Labels.None);
        EventsLost = registry.Add(MetricCatalog.SenderEventsLost).AddCounter(Labels.None);
    }

    public EventCounts Events { get; }

    public Counter SkewedBatches { get; }

    public Gauge ClockSkew { get; }

    public Histogram IngestLag { get; }

    public Counter EventsLost { get; }

    public void RefuseUnauthenticated() => Count(_refusedUnauthenticated);

    public void RefuseMalformed() => Count(_refusedMalformed);

    private void Count(Counter counter)
    {
        lock (_registry.Gate)
        {
            counter.Increment();
        }
    }
}
