using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What a workflow's ended runs took: a series of <c>github_workflow_run_duration_seconds</c>.</summary>
/// <param name="Repository">The repository; <c>other</c> for those past the limit.</param>
/// <param name="Workflow">The workflow.</param>
/// <param name="Conclusion">GitHub's own word.</param>
/// <param name="Counts">The runs of each bucket (not cumulative); the last is <c>+Inf</c>'s.</param>
/// <param name="Sum">What they took together, in seconds.</param>
public sealed record RunFigure(RepositoryName Repository, string Workflow, string Conclusion, IReadOnlyList<long> Counts, double Sum);
