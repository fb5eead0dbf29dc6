using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>A job as GitHub describes it. What GitHub does not say is empty, 0 or null.</summary>
/// <param name="Id">The job's id, which is one attempt's: a run that is started again has other jobs.</param>
/// <param name="CheckRunId">The id of its check run, mostly the same number.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Name">The display name, matrix leg included.</param>
/// <param name="RunId">The workflow run's id.</param>
/// <param name="RunAttempt">The run's attempt, from 1.</param>
/// <param name="RunnerType">The type of runner that its labels ask for.</param>
public sealed record WorkflowJob(
    long Id, long CheckRunId, string ServerUrl, RepositoryName Repository, string Workflow, string Name, long RunId, int RunAttempt, string RunnerType)
{
    /// <summary>The runner that took it; empty if none did.</summary>
    public string RunnerName { get; init; } = "";

    /// <summary>GitHub's id of that runner; 0 if none took it.</summary>
    public long RunnerId { get; init; }

    /// <summary>Whether that runner is known to takes one job and exits.</summary>
    public bool RunnerIsEphemeral { get; init; }

    /// <summary>Whether the job counts only if an agent speaks for its runner.</summary>
    public bool CountsForKnownRunnersOnly { get; init; }

    /// <summary>The labels that it asks for, while it waits: of at most 200 characters together; of a job that asks for more, none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When a runner took it; of a job that waits, when it began to wait.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How it ended; null if it did not, or where its end is none of a job that ran.</summary>
    public JobConclusion? Conclusion { get; init; }

    /// <summary>The reason of a failure; only with failed.</summary>
    public JobFailureReason? FailureReason { get; init; }

    /// <summary>What its trace shows of it; null if no traces are sent.</summary>
    public JobOutline? Outline { get; init; }

    /// <summary>The job as an exemplar names it.</summary>
    internal JobIdentity Identity => new("", "", ServerUrl, Repository, Workflow, Name, RunId, RunAttempt, CheckRunId == 0 ? Id : CheckRunId);
}
