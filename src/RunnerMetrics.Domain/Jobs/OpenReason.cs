namespace RunnerMetrics.Domain.Jobs;

/// <summary>A failure that GitHub told of first: whose fault it was is for the runner's agent to say, who is heard within a minute.</summary>
/// <param name="Key">The key that the job is counted under.</param>
/// <param name="GitHubs">Whose fault it was as far as GitHub says.</param>
/// <param name="Since">When the exporter heard of the failure, in the fleet's observed time.</param>
internal readonly record struct OpenReason(UInt128 Key, JobFailureReason GitHubs, TimeSpan Since);
