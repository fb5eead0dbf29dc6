namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What is known of a credential's limits.</summary>
/// <param name="Limit">The requests that an hour has.</param>
/// <param name="Remaining">How many were left when GitHub last told.</param>
/// <param name="Used">How many of them the exporter has used.</param>
/// <param name="Share">How many it may use.</param>
/// <param name="ResetsAt">When the hour ends.</param>
/// <param name="PausedUntil">Until when GitHub wants no more requests; null where it takes them.</param>
internal sealed record RateStatus(int Limit, int? Remaining, int Used, int Share, DateTimeOffset ResetsAt, DateTimeOffset? PausedUntil);
