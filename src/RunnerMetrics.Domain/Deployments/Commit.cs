using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>A commit, and when it was made.</summary>
/// <param name="Sha">Its full hash.</param>
/// <param name="CommittedAt">The time that the commit holds, which is by the clock of whoever made it.</param>
public sealed record Commit(CommitSha Sha, DateTimeOffset CommittedAt);
