using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>
/// The first heartbeat of a runner, of a new life, after an absence, or with a new state: what must survive the
/// exporter's restart.
/// </summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it reported.</param>
/// <param name="Runner">The runner.</param>
/// <param name="StartedAt">When its listener started, if known.</param>
public sealed record RunnerSeen(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, DateTimeOffset? StartedAt)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>What its listener did then; null if that is not known.</summary>
    public RunnerState? State { get; init; }

    /// <summary>When it did, by the sender's time; with <see cref="State"/>.</summary>
    public DateTimeOffset? StateAt { get; init; }
}
