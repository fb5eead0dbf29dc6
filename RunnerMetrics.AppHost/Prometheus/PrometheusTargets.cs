namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>What a Prometheus scrapes that runs as a process.</summary>
internal sealed record PrometheusTargets
{
    public required EndpointReference Exporter { get; init; }

    /// <summary>A file that names the automation worker's address while it runs.</summary>
    public required string AutomationFile { get; init; }

    /// <summary>Where it sends alerts; null: nowhere.</summary>
    public EndpointReference? Alertmanager { get; init; }

    /// <summary>The machine; null: it is not measured.</summary>
    public EndpointReference? NodeExporter { get; init; }
}
