namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a <c>workflow_run</c> payload; whatever else it holds is skipped.</summary>
internal sealed record WorkflowRunPayload(WorkflowRunPayload.RunPart? WorkflowRun, RepositoryPart? Repository)
{
    internal sealed record RunPart(CommitPart? HeadCommit);
}
