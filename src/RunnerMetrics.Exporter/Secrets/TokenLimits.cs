namespace RunnerMetrics.Exporter.Secrets;

/// <summary>How much each token may send; events beyond it are deferred.</summary>
/// <param name="NewRunnersPerHour">How many new runners it may report in an hour.</param>
/// <param name="EventsPerMinute">How many events it may send in a minute.</param>
public sealed record TokenLimits(int NewRunnersPerHour = 5_000, int EventsPerMinute = 600_000);
