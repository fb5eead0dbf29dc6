namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>What a Prometheus scrapes that runs as a process.</summary>
internal sealed record PrometheusTargets
{
    public required EndpointReference Exporter { get; init; }

    public required EndpointReference Automation { get; init; }

    /// <summary>Where it sends alerts; null: nowhere.</summary>
    public EndpointReference? Alertmanager { get; init; }

    /// <summary>The machine; null: nobody measures it.</summary>
    public EndpointReference? NodeExporter { get; init; }
}
