using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>A failure in an environment that somebody had to fix. Missing values are empty or null.</summary>
/// <param name="Id">Unique within its server and repository.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Environment">Where it happened, for example <c>production</c>.</param>
public sealed record Incident(string Id, string ServerUrl, RepositoryName Repository, EnvironmentName Environment)
{
    /// <summary>The deployment that caused it, if known.</summary>
    public string DeploymentId { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>When it was resolved; null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}
