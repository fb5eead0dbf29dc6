namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Which jobs webhooks count.</summary>
public enum WebhookJobs
{
    /// <summary>Those of every runner of the fleet, whether or not an agent speaks for it.</summary>
    All,

    /// <summary>Those of runners with an agent at this exporter: for several exporters that receive the same webhooks.</summary>
    Known,
}
