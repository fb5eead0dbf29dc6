namespace RunnerMetrics.Domain.Events;

/// <summary>
/// A validated event: the state is a fold over these. Times are the event's own, UTC. Heartbeats are not among these:
/// see <see cref="Heartbeat"/>.
/// </summary>
/// <param name="EventId">1 to 128 printable ASCII characters, unique to the event.</param>
/// <param name="OccurredAt">When it happened.</param>
public abstract record FleetEvent(string EventId, DateTimeOffset OccurredAt);
