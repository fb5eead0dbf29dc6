using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Simulator.Running;

/// <summary>A job that a simulated runner ran: what a truthful reader of its logs concludes.</summary>
/// <param name="JobId">The job's GUID, which repeats in later runs.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Repository"><c>owner/name</c></param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="RunId">The workflow run.</param>
/// <param name="RunAttempt">1, or more for a run that was started again.</param>
/// <param name="CheckRunId">The check run, or null if the job message did not name it.</param>
/// <param name="StartedAt">The time of the listener's <c>Running job</c> line, in whole seconds.</param>
/// <param name="CompletedAt">The time of its <c>completed with result</c> line; null if the runner was gone before.</param>
/// <param name="Conclusion">How it ended.</param>
/// <param name="FailureReason">The reason of a failure; null for every other conclusion.</param>
public sealed record SimulatedJob(
    Guid JobId,
    string Name,
    string Repository,
    string Workflow,
    long RunId,
    int RunAttempt,
    long? CheckRunId,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt,
    JobConclusion Conclusion,
    JobFailureReason? FailureReason);
