using System.Buffers;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>workflow_run</c>: the commit that a run is of, when it was made, and, where traces are sent, how the run ended. The run itself is counted by its jobs.</summary>
internal sealed class WorkflowRunEvent(ExporterOptions options) : IGitHubEvent
{
    public string Name => "workflow_run";

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery)
    {
        if (WebhookJson.Read(payload, WebhookJson.Default.WorkflowRunPayload) is not { } run)
        {
            return WebhookReading.Rejected("the payload is null: send GitHub's JSON object");
        }

        var commits = CommitReading.Of([run.WorkflowRun?.HeadCommit], run.Repository, delivery);
        return commits.Refusal is null && options.Fleet.TracesRuns && EndOf(run, delivery) is { } ended ? WebhookReading.Of([.. commits.Events, ended]) : commits;
    }

    // Nothing is refused for its sake: a run whose times are not known has no span.
    private static WorkflowRunEnded? EndOf(WorkflowRunPayload payload, WebhookDelivery delivery) =>
        payload is { Action: "completed", WorkflowRun: { Id: > 0 and { } id, Conclusion.Length: > 0 } run, Repository: { FullName: { } name } repository }
        && PayloadText.Known(run.RunStartedAt) is { } startedAt && PayloadText.Known(run.UpdatedAt) is { } endedAt && endedAt - delivery.ReceivedAt <= PayloadText.MostAhead
            ? new WorkflowRunEnded(
                $"{delivery.EventId}:run", endedAt, PayloadText.ServerOf(repository, delivery), RepositoryName.Kept(name), PayloadText.Traced(run.Name), id, Math.Max(1, run.RunAttempt ?? 1),
                startedAt, PayloadText.Traced(run.Conclusion), PayloadText.Traced(run.HeadBranch), PayloadText.Traced(run.HeadSha))
            : null;
}
