namespace RunnerMetrics.Domain.Jobs;

/// <summary>A failure that GitHub reported first: the runner's agent may report its reason within a minute.</summary>
/// <param name="Key">The key that the job is counted under.</param>
/// <param name="GitHubs">The reason of the failure as far as GitHub says.</param>
/// <param name="Since">When the exporter received the failure, in the fleet's observed time.</param>
internal readonly record struct OpenReason(UInt128 Key, JobFailureReason GitHubs, TimeSpan Since);
