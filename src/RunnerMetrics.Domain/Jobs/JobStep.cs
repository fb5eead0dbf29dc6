namespace RunnerMetrics.Domain.Jobs;

/// <summary>A step of a job, as GitHub describes it.</summary>
/// <param name="Name">Its name, which others of the job may have too.</param>
/// <param name="Conclusion">GitHub's word for how it ended: success, failure, skipped, cancelled.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="CompletedAt">When it ended.</param>
public sealed record JobStep(string Name, string Conclusion, DateTimeOffset StartedAt, DateTimeOffset CompletedAt);
