namespace RunnerMetrics.Hosting.Logging;

/// <summary>How log lines are written.</summary>
public enum LogFormat
{
    /// <summary>A sentence behind its time, level and category.</summary>
    Text,

    /// <summary>A JSON object.</summary>
    Json,
}
