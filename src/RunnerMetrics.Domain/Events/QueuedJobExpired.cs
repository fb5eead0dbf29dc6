namespace RunnerMetrics.Domain.Events;

/// <summary>The watch's verdict: a job waits for so long that GitHub has given it up, and nobody said so.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was judged.</param>
/// <param name="JobKey">The key of the job: 32 hexadecimal digits.</param>
public sealed record QueuedJobExpired(string EventId, DateTimeOffset OccurredAt, string JobKey)
    : FleetEvent(EventId, OccurredAt);
