namespace RunnerMetrics.Simulator.Logs;

/// <summary>A stretch of time that really passed.</summary>
internal readonly record struct Elapsed(DateTimeOffset From, DateTimeOffset To);
