namespace RunnerMetrics.Domain.Events;

/// <summary>The watch's decision: a runner has been silent for longer than the time-out.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was decided.</param>
/// <param name="RunnerName">The runner's name.</param>
/// <param name="RunnerType">The runner's type.</param>
public sealed record RunnerSilent(string EventId, DateTimeOffset OccurredAt, string RunnerName, string RunnerType)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>The scope of the runner; empty if it is not known.</summary>
    public string RunnerScope { get; init; } = "";

    /// <summary>When it was decided, in the fleet's observed time: it does not apply to a runner that reported since then.</summary>
    public TimeSpan Observed { get; init; }
}
