using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Domain.Events;

/// <summary>A deployment began, continued, or ended; or more became known of it.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When that happened.</param>
/// <param name="Deployment">The deployment, as it is described then.</param>
public sealed record DeploymentChanged(string EventId, DateTimeOffset OccurredAt, Deployment Deployment) : FleetEvent(EventId, OccurredAt);
