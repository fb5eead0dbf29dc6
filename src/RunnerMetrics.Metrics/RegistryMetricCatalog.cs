namespace RunnerMetrics.Metrics;

/// <summary>The registry's own metrics.</summary>
public static class RegistryMetricCatalog
{
    /// <summary>Series that passed a limit.</summary>
    public static MetricDescriptor DroppedSeries { get; } = new("runner_metrics_dropped_series_total", MetricType.Counter, [],
        "Sources beyond the limit of series: their counts go to 'other', their gauges are left out.");
}
