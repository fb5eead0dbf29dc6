namespace RunnerMetrics.Automation.Instruments;

/// <summary>What Prometheus shows a metric as.</summary>
public enum AutomationMetricType
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Observations in buckets.</summary>
    Histogram,
}
