namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Which jobs webhooks count.</summary>
public enum WebhookJobs
{
    /// <summary>Those of every runner of the fleet, whether or not an agent speaks for it.</summary>
    All,

    /// <summary>Those of runners that an agent of this exporter speaks for: where several exporters hear the same webhooks.</summary>
    Known,
}
