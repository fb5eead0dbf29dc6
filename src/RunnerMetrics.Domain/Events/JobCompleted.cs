using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>A job ended, and its end was observed.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it became known.</param>
/// <param name="Runner">The runner, with the life that ran the job.</param>
/// <param name="Job">The job.</param>
/// <param name="Conclusion">How it ended.</param>
/// <param name="FailureReason">The reason of the failure; only with failed and lost.</param>
/// <param name="StartedAt">When the runner picked it up, if known; never after <paramref name="CompletedAt"/>.</param>
/// <param name="CompletedAt">When it ended; absent only if a lost job's end is not known.</param>
public sealed record JobCompleted(
    string EventId,
    DateTimeOffset OccurredAt,
    RunnerIdentity Runner,
    JobIdentity Job,
    JobConclusion Conclusion,
    JobFailureReason? FailureReason,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>When the job's own first step began, after the runner's set-up; null if it never did, or is not known. Within the job's start and end.</summary>
    public DateTimeOffset? StepsStartedAt { get; init; }
}
