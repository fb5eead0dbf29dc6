using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Domain.Events;

/// <summary>A deployment started, progressed, or ended; or got more details.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When that happened.</param>
/// <param name="Deployment">The deployment as described then.</param>
public sealed record DeploymentChanged(string EventId, DateTimeOffset OccurredAt, Deployment Deployment) : FleetEvent(EventId, OccurredAt);
