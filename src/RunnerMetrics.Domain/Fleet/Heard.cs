namespace RunnerMetrics.Domain.Fleet;

/// <summary>What a heartbeat reported, besides that its runner is alive.</summary>
/// <param name="EventsLost">How many more events its sender says to have dropped than it said before.</param>
/// <param name="IsConflict">Whether another sender speaks for the same runner at the same time.</param>
public readonly record struct Heard(ulong EventsLost, bool IsConflict);
