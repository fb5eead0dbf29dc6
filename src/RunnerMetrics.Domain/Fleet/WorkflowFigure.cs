using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The jobs of a workflow that failed or were lost, as <c>github_workflow_jobs_total</c> counts them, and its runs that have a job now.</summary>
/// <param name="Repository">The repository; <c>other</c> for those past the limit.</param>
/// <param name="Workflow">The workflow.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Lost">Jobs that were lost.</param>
/// <param name="Pending">Runs with a job that waits, of which no job has begun; null if GitHub does not report waiting jobs.</param>
/// <param name="Executing">Runs with a job that an agent reports as running, or with one that waits after another has begun; null if no agent reports.</param>
public readonly record struct WorkflowFigure(RepositoryName Repository, string Workflow, double Failed, double Lost, int? Pending, int? Executing);
