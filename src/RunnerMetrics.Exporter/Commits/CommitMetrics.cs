using RunnerMetrics.Domain;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>The journal's own metrics; absent if nothing is kept.</summary>
internal sealed class CommitMetrics(MetricRegistry registry)
{
    public Histogram Commit { get; } = registry.Add(MetricCatalog.JournalCommit).AddHistogram(Labels.None);

    public Gauge Bytes { get; } = registry.Add(MetricCatalog.JournalBytes).AddGauge(Labels.None);

    public Gauge Writable { get; } = registry.Add(MetricCatalog.JournalWritable).AddGauge(Labels.None);

    public Counter Failures { get; } = registry.Add(MetricCatalog.JournalFailures).AddCounter(Labels.None);

    public Gauge Restored { get; } = registry.Add(MetricCatalog.StoreRestored).AddGauge(Labels.None);

    public Counter Snapshots { get; } = registry.Add(MetricCatalog.JournalSnapshots).AddCounter(Labels.None);
}
