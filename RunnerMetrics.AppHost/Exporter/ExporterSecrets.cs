namespace RunnerMetrics.AppHost.Exporter;

/// <summary>What an exporter that runs here lets in.</summary>
/// <param name="AgentToken">What agents show.</param>
/// <param name="WebhookSecret">What webhooks are signed with.</param>
internal sealed record ExporterSecrets(ParameterResource AgentToken, ParameterResource WebhookSecret) : IResourceAnnotation;
