namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a <c>deployment</c> or <c>deployment_status</c> payload; whatever else it holds is skipped.</summary>
internal sealed record DeploymentPayload(
    string? Action, DeploymentPayload.StatusPart? DeploymentStatus, DeploymentPayload.DeploymentPart? Deployment, RepositoryPart? Repository)
{
    internal sealed record DeploymentPart(long? Id, string? Sha, string? Environment, DateTimeOffset? CreatedAt);

    internal sealed record StatusPart(string? State, string? Environment, DateTimeOffset? CreatedAt);
}
