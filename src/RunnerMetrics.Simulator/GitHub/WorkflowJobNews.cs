using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>What GitHub would say of a simulated job at one moment: that it waits for a runner, that one took it, or that it ended.</summary>
/// <param name="Id">The job's id, which is its check run's too.</param>
/// <param name="Repository"><c>owner/name</c></param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Name">The job's display name.</param>
/// <param name="RunId">The workflow run.</param>
/// <param name="RunAttempt">1, or more for a run that was started again.</param>
/// <param name="Sha">The commit.</param>
/// <param name="RunnerType">The runner's type, which stands among the labels.</param>
/// <param name="CreatedAt">Since when it waits.</param>
public sealed record WorkflowJobNews(
    long Id, string Repository, string Workflow, string Name, long RunId, int RunAttempt, string Sha, string RunnerType, DateTimeOffset CreatedAt)
{
    /// <summary>The runner that took it; null while it waits, and if none did.</summary>
    public string? RunnerName { get; init; }

    /// <summary>The id under which that runner is registered.</summary>
    public long RunnerId { get; init; } = 1;

    /// <summary>When it was taken.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How it ended; GitHub knows of no job that is lost.</summary>
    public JobConclusion? Conclusion { get; init; }

    /// <summary>Its steps, as far as the runner has reported them.</summary>
    public IReadOnlyList<WorkflowStep> Steps { get; init; } = [];

    /// <summary>The webhook's action.</summary>
    public string Action => CompletedAt is not null ? "completed" : StartedAt is not null ? "in_progress" : "queued";
}
