namespace RunnerMetrics.Domain.Fleet;

/// <summary>What a heartbeat reported, besides that its runner is alive.</summary>
/// <param name="EventsLost">How many more events its sender has dropped than it reported before.</param>
/// <param name="IsConflict">Whether another sender reports for the same runner at the same time.</param>
public readonly record struct HeartbeatOutcome(ulong EventsLost, bool IsConflict);
