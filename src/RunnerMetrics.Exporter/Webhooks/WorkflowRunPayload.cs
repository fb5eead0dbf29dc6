namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a <c>workflow_run</c> payload; whatever else it holds is skipped.</summary>
internal sealed record WorkflowRunPayload(string? Action, WorkflowRunPayload.RunPart? WorkflowRun, RepositoryPart? Repository)
{
    internal sealed record RunPart(
        CommitPart? HeadCommit,
        long? Id,
        int? RunAttempt,
        string? Name,
        string? Conclusion,
        string? HeadBranch,
        string? HeadSha,
        DateTimeOffset? RunStartedAt,
        DateTimeOffset? UpdatedAt);
}
