namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What became of missed webhooks since the exporter started.</summary>
/// <param name="Found">How many were found.</param>
/// <param name="Recovered">How many of them were had again.</param>
/// <param name="GivenUp">How many could not be had.</param>
/// <param name="Missing">How many are still asked for.</param>
internal sealed record MissedStatus(long Found, long Recovered, long GivenUp, int Missing);
