using System.Buffers;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>workflow_run</c>: the commit that a run is of, and when it was made. The run itself is counted by its jobs.</summary>
internal sealed class WorkflowRunEvent : IGitHubEvent
{
    public string Name => "workflow_run";

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery) =>
        WebhookJson.Read(payload, WebhookJson.Default.WorkflowRunPayload) is { } run
            ? CommitReading.Of([run.WorkflowRun?.HeadCommit], run.Repository, delivery)
            : WebhookReading.Rejected("the payload is null: send GitHub's JSON object");
}
