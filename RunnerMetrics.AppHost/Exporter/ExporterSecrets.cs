namespace RunnerMetrics.AppHost.Exporter;

/// <summary>The credentials of a local exporter.</summary>
/// <param name="AgentToken">The agents' token.</param>
/// <param name="WebhookSecret">The webhooks' secret.</param>
internal sealed record ExporterSecrets(ParameterResource AgentToken, ParameterResource WebhookSecret) : IResourceAnnotation;
