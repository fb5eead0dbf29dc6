using RunnerMetrics.Core.Runners;

namespace RunnerMetrics.Core.Events;

/// <summary>The first sign of a runner, of a new life of one, or of one that had been gone.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was heard.</param>
/// <param name="Runner">The runner.</param>
/// <param name="StartedAt">When its listener started, where known.</param>
public sealed record RunnerSeen(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, DateTimeOffset? StartedAt)
    : FleetEvent(EventId, OccurredAt);
