namespace RunnerMetrics.Domain.Events;

/// <summary>How long the exporter has watched the fleet, across restarts, so that a silence continues after a restart.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was noted.</param>
/// <param name="Observed">How long.</param>
public sealed record TimeObserved(string EventId, DateTimeOffset OccurredAt, TimeSpan Observed) : FleetEvent(EventId, OccurredAt);
