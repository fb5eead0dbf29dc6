namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>The runner's own result of a job: its <c>TaskResult</c>, with the same numbers; a worker exits with 100 and the number.</summary>
internal enum RunnerResult
{
    Succeeded = 0,
    SucceededWithIssues = 1,
    Failed = 2,
    Canceled = 3,
    Skipped = 4,
    Abandoned = 5,
}
