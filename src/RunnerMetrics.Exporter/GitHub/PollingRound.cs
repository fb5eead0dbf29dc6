namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A look at the jobs of all repositories.</summary>
/// <param name="BeganAt">When it began: what happened before is told.</param>
/// <param name="Length">How long it took.</param>
/// <param name="Started">The same begin as <see cref="TimeProvider.GetTimestamp"/> has it.</param>
internal sealed record PollingRound(DateTimeOffset BeganAt, TimeSpan Length, long Started);
