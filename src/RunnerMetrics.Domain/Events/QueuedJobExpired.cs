namespace RunnerMetrics.Domain.Events;

/// <summary>The watch's decision: a job has waited so long that GitHub must have given it up, without reporting it.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was decided.</param>
/// <param name="JobKey">The key of the job: 32 hexadecimal digits.</param>
public sealed record QueuedJobExpired(string EventId, DateTimeOffset OccurredAt, string JobKey)
    : FleetEvent(EventId, OccurredAt);
