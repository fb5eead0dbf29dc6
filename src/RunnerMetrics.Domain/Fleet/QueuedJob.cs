using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>A job that waits for a runner.</summary>
/// <param name="RunnerType">The type that its labels ask for.</param>
/// <param name="Since">Since when it is known to wait, in the fleet's observed time.</param>
/// <param name="CreatedAt">Since when it waits, by GitHub's clock; null where it was kept before that was.</param>
/// <param name="Labels">The labels that it asks for, a line each.</param>
/// <param name="Server">The server.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Run">Its run.</param>
/// <param name="Workflow">The run's workflow.</param>
internal sealed record QueuedJob(string RunnerType, TimeSpan Since, DateTimeOffset? CreatedAt, string Labels, string Server, string Repository, RunKey Run, string Workflow)
{
    /// <summary>GitHub's own names have at most 39 and 100 characters.</summary>
    private const int LongestName = 140;

    /// <summary>A name as it is kept; empty where it is longer than any can be.</summary>
    public static string Kept(string name) => name.Length <= LongestName ? name : "";
}
