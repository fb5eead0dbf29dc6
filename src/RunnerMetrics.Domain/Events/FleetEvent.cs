namespace RunnerMetrics.Domain.Events;

/// <summary>
/// Something that happened, checked: what the state is a fold over. Times are the event's own, UTC. Heartbeats are none of these:
/// see <see cref="Heartbeat"/>.
/// </summary>
/// <param name="EventId">1 to 128 printable ASCII characters, unique to the event.</param>
/// <param name="OccurredAt">When it happened.</param>
public abstract record FleetEvent(string EventId, DateTimeOffset OccurredAt);
