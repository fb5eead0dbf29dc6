namespace RunnerMetrics.Domain.Fleet;

/// <summary>How many jobs the runners of a type failed, or took with them.</summary>
/// <param name="RunnerType">The type.</param>
/// <param name="Reason">setup or runner, as in <c>github_runner_job_failures_total</c>, or lost, as in <c>github_runner_jobs_total</c>.</param>
/// <param name="Count">How many, those of runners whose series are gone included.</param>
public readonly record struct SystemErrorFigure(string RunnerType, string Reason, double Count);
