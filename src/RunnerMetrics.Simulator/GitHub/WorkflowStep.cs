namespace RunnerMetrics.Simulator.GitHub;

/// <summary>A step of a job as GitHub reports it: the job's own, and those that the runner adds.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Conclusion"><c>success</c>, <c>failure</c>, <c>cancelled</c> or <c>skipped</c>; null if its conclusion is not known.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="CompletedAt">When it ended; null if it is not known.</param>
public sealed record WorkflowStep(string Name, string? Conclusion, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt)
{
    /// <summary>The first step of every job.</summary>
    public const string SetUp = "Set up job";

    /// <summary>The last one of a job that came so far.</summary>
    public const string Complete = "Complete job";
}
