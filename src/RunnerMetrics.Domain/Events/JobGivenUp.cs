namespace RunnerMetrics.Domain.Events;

/// <summary>The watch's decision: nothing was reported about a job for so long that it counts as lost.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was decided.</param>
/// <param name="RunnerName">The name of the runner that began it.</param>
/// <param name="RunnerType">The type of the runner that began it.</param>
/// <param name="JobKey">The job's key.</param>
public sealed record JobGivenUp(string EventId, DateTimeOffset OccurredAt, string RunnerName, string RunnerType, string JobKey)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>The scope of the runner; empty if it is not known.</summary>
    public string RunnerScope { get; init; } = "";
}
