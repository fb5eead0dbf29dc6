using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>A deployment as GitHub, or the pipeline that makes it, describes it. Missing values are empty, null or false.</summary>
/// <param name="Id">Unique within its server and repository.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Environment">Where to, for example <c>production</c>.</param>
/// <param name="State">Its state.</param>
public sealed record Deployment(string Id, string ServerUrl, RepositoryName Repository, EnvironmentName Environment, DeploymentState State)
{
    /// <summary>The commit that is deployed.</summary>
    public CommitSha Sha { get; init; }

    /// <summary>When that commit was made.</summary>
    public DateTimeOffset? HeadCommittedAt { get; init; }

    /// <summary>The time of the oldest commit that this deployment ships for the first time.</summary>
    public DateTimeOffset? OldestCommittedAt { get; init; }

    /// <summary>When it ended; with success and failure only.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether it is unplanned: made to fix an earlier deployment.</summary>
    public bool IsRework { get; init; }
}
