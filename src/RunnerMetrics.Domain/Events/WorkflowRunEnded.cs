using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Events;

/// <summary>GitHub said that an attempt of a run has ended: what it took is counted, and it is the root of the run's trace.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it ended.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="RunId">The run's id.</param>
/// <param name="RunAttempt">The attempt, from 1.</param>
/// <param name="StartedAt">When the attempt started.</param>
/// <param name="Conclusion">GitHub's own word for how it ended.</param>
/// <param name="HeadBranch">The branch that it ran for; empty if it is not known.</param>
/// <param name="HeadSha">The commit that it ran for; empty if it is not known.</param>
public sealed record WorkflowRunEnded(
    string EventId, DateTimeOffset OccurredAt, string ServerUrl, RepositoryName Repository, string Workflow, long RunId, int RunAttempt, DateTimeOffset StartedAt, string Conclusion,
    string HeadBranch, string HeadSha)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>Whether it is not counted, because other exporters hear of it too.</summary>
    public bool IsOnlyTraced { get; init; }
}
