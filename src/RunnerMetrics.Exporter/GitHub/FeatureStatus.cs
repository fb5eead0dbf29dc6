namespace RunnerMetrics.Exporter.GitHub;

/// <summary>How a feature's last round went.</summary>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Since">Since when rounds go so.</param>
/// <param name="LastSuccess">When one last came to its end; null where none has.</param>
internal sealed record FeatureStatus(GitHubFailure? Failure, DateTimeOffset Since, DateTimeOffset? LastSuccess);
