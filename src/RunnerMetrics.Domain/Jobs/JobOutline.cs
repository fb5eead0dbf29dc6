namespace RunnerMetrics.Domain.Jobs;

/// <summary>What only a job's trace shows of it.</summary>
/// <param name="Conclusion">GitHub's own word for how it ended: timed_out, skipped; empty if it did not.</param>
/// <param name="HeadBranch">The branch that it ran for; empty if it is not known.</param>
/// <param name="HeadSha">The commit that it ran for; empty if it is not known.</param>
/// <param name="Steps">Its steps that ended, in their order.</param>
public sealed record JobOutline(string Conclusion, string HeadBranch, string HeadSha, IReadOnlyList<JobStep> Steps);
