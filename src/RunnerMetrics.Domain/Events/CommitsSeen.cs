using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Events;

/// <summary>GitHub reported commits and their times.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it told.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Commits">The commits.</param>
public sealed record CommitsSeen(string EventId, DateTimeOffset OccurredAt, string ServerUrl, RepositoryName Repository, IReadOnlyList<Commit> Commits)
    : FleetEvent(EventId, OccurredAt);
