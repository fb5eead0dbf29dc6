using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>
/// The first sign of a runner, of a new life of one, of one that had been gone, or of one that does something else than was known: what must outlive the
/// exporter's own end.
/// </summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was heard.</param>
/// <param name="Runner">The runner.</param>
/// <param name="StartedAt">When its listener started, where known.</param>
public sealed record RunnerSeen(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, DateTimeOffset? StartedAt)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>What its listener did then; null where that is not known.</summary>
    public RunnerState? State { get; init; }

    /// <summary>When it did, by the sender's time; with <see cref="State"/>.</summary>
    public DateTimeOffset? StateAt { get; init; }
}
