namespace RunnerMetrics.Metrics.Exposition;

/// <summary>The two formats in which metrics are written out.</summary>
public enum ExpositionFormat
{
    /// <summary>The Prometheus text format, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics text, version 1.0.0, which carries exemplars and ends in <c># EOF</c>.</summary>
    OpenMetrics,
}
