namespace RunnerMetrics.Domain.Fleet;

/// <summary>How many runners of a type are in a state: a series of <c>github_runners</c>.</summary>
/// <param name="RunnerType">The type.</param>
/// <param name="State">idle, busy, disconnected, offline or refused.</param>
/// <param name="Count">How many.</param>
public readonly record struct WorkerFigure(string RunnerType, string State, long Count);
