namespace RunnerMetrics.Domain.Events;

/// <summary>The watch's decision: GitHub reported a failed job, and its runner's agent has not reported the reason in time.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was decided.</param>
/// <param name="RunnerName">The name of the runner that ran it.</param>
/// <param name="RunnerType">The type of the runner that ran it.</param>
/// <param name="JobKey">The key that the job is counted under: 32 hexadecimal digits.</param>
public sealed record FailureUnexplained(string EventId, DateTimeOffset OccurredAt, string RunnerName, string RunnerType, string JobKey)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>The scope of the runner; empty if it is not known.</summary>
    public string RunnerScope { get; init; } = "";
}
