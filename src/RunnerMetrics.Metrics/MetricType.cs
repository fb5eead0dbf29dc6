namespace RunnerMetrics.Metrics;

/// <summary>The type of a metric family, as Prometheus and OpenMetrics name it.</summary>
public enum MetricType
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A value that only grows; its name ends in <c>_total</c>.</summary>
    Counter,

    /// <summary>Observations counted in cumulative buckets, with their sum.</summary>
    Histogram,
}
