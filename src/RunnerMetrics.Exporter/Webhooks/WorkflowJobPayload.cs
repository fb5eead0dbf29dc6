namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a <c>workflow_job</c> payload; whatever else it holds is skipped.</summary>
internal sealed record WorkflowJobPayload(string? Action, WorkflowJobPayload.JobPart? WorkflowJob, RepositoryPart? Repository)
{
    internal sealed record JobPart(
        long? Id,
        long? RunId,
        int? RunAttempt,
        string? WorkflowName,
        string? Name,
        string? Status,
        string? Conclusion,
        DateTimeOffset? CreatedAt,
        DateTimeOffset? StartedAt,
        DateTimeOffset? CompletedAt,
        string? CheckRunUrl,
        IReadOnlyList<string?>? Labels,
        long? RunnerId,
        string? RunnerName,
        string? RunnerGroupName,
        string? HeadBranch,
        string? HeadSha,
        IReadOnlyList<StepPart?>? Steps);

    internal sealed record StepPart(string? Name, string? Conclusion, string? StartedAt, string? CompletedAt);
}
