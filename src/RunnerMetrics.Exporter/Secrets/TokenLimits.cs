namespace RunnerMetrics.Exporter.Secrets;

/// <summary>How much each token may send; what is over it is deferred.</summary>
/// <param name="NewRunnersPerHour">How many runners that nobody has heard of it may bring up in an hour.</param>
/// <param name="EventsPerMinute">How many events it may send in a minute.</param>
public sealed record TokenLimits(int NewRunnersPerHour = 5_000, int EventsPerMinute = 600_000);
