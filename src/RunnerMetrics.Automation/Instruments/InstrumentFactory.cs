using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>Makes families with series that any thread may record in.</summary>
internal static class InstrumentFactory
{
    public static ConcurrentCounter AddCounter(this MetricRegistry registry, MetricDescriptor family) =>
        registry.Recorder.For(registry.Add(family).AddCounter(Labels.None));

    /// <summary>Counters for each of some words that one label may have, in their order, all created with 0.</summary>
    public static ConcurrentCounter[] AddCounters(this MetricRegistry registry, MetricDescriptor family, IEnumerable<string> words)
    {
        var added = registry.Add(family);
        return [.. words.Select(word => registry.Recorder.For(added.AddCounter(Labels.Of((family.Labels[0], word)))))];
    }

    /// <summary>Counters of one label whose values may come from outside.</summary>
    public static CappedSeries<ConcurrentCounter> AddCappedCounters(this MetricRegistry registry, MetricDescriptor family, IEnumerable<string> known)
    {
        var added = registry.Add(family);
        return new CappedSeries<ConcurrentCounter>(registry, value => registry.Recorder.For(added.AddCounter(Labels.Of((family.Labels[0], value)))), known);
    }

    /// <summary>A gauge that shows 0 at once.</summary>
    public static ConcurrentGauge AddLevel(this MetricRegistry registry, MetricDescriptor family) =>
        registry.Recorder.For(registry.Add(family).AddGauge(Labels.None));

    /// <summary>A gauge that is absent until it is set.</summary>
    public static Gauge AddGauge(this MetricRegistry registry, MetricDescriptor family) => registry.Add(family).AddGauge(Labels.None);

    public static ConcurrentHistogram AddHistogram(this MetricRegistry registry, MetricDescriptor family) =>
        registry.Recorder.For(registry.Add(family).AddHistogram(Labels.None));
}
