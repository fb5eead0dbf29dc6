using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>A commit, and when it was made.</summary>
/// <param name="Sha">The full hash.</param>
/// <param name="CommittedAt">The time in the commit, by its author's clock.</param>
public sealed record Commit(CommitSha Sha, DateTimeOffset CommittedAt);
