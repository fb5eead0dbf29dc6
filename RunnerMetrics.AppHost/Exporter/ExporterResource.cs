namespace RunnerMetrics.AppHost.Exporter;

/// <summary>The exporter, in a container: the one part of the stack that production runs.</summary>
/// <param name="name">Its name, which Prometheus's configuration scrapes.</param>
internal sealed class ExporterResource(string name) : ContainerResource(name)
{
    /// <summary>The endpoint of <c>/metrics</c> and of the webhooks.</summary>
    public const string Http = "http";

    /// <summary>The endpoint that agents report to.</summary>
    public const string Grpc = "grpc";

    /// <summary>What agents show, in run mode; production has a file.</summary>
    public ParameterResource? AgentToken { get; set; }

    /// <summary>What signs webhooks, in run mode; production has a file.</summary>
    public ParameterResource? WebhookSecret { get; set; }
}
