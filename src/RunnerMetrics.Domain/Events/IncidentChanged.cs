using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Domain.Events;

/// <summary>An incident was opened or resolved; or got more details.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When that happened.</param>
/// <param name="Incident">The incident as described then.</param>
public sealed record IncidentChanged(string EventId, DateTimeOffset OccurredAt, Incident Incident) : FleetEvent(EventId, OccurredAt);
