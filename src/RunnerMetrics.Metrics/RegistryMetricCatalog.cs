namespace RunnerMetrics.Metrics;

/// <summary>What a registry tells of itself.</summary>
public static class RegistryMetricCatalog
{
    /// <summary>Series that passed a limit.</summary>
    public static MetricDescriptor DroppedSeries { get; } = new("runner_metrics_dropped_series_total", MetricType.Counter, [],
        "Sources that would have passed the limit of series: their counts go to 'other', their gauges are left out.");
}
