using System.Buffers;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>workflow_run</c>: the commit that a run is of, when it was made, and how the run ended.</summary>
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
        return commits.Refusal is null && EndOf(run, delivery) is { } ended ? WebhookReading.Of([.. commits.Events, ended]) : commits;
    }

    // Nothing is refused for its sake: a run whose times or name are not usable has no span and is not counted. Of several exporters that hear of the same runs, each would count all of them.
    private WorkflowRunEnded? EndOf(WorkflowRunPayload payload, WebhookDelivery delivery)
    {
        var (isTraced, isCounted) = (options.Fleet.TracesRuns, options.WebhookJobs == WebhookJobs.All);
        return (isTraced || isCounted)
            && payload is { Action: "completed", WorkflowRun: { Id: > 0 and { } id, Conclusion.Length: > 0 } run, Repository: { FullName: { } name } repository }
            && PayloadText.Known(run.RunStartedAt) is { } startedAt && PayloadText.Known(run.UpdatedAt) is { } endedAt && endedAt - delivery.ReceivedAt <= PayloadText.MostAhead
            && delivery.ReceivedAt - endedAt <= options.Fleet.Horizon && endedAt - startedAt <= options.Fleet.Horizon
            && !run.Name.AsSpan().ContainsAnyInRange('\u0000', '\u001f')
                ? new WorkflowRunEnded(
                    $"{delivery.EventId}:run", endedAt, PayloadText.ServerOf(repository, delivery), RepositoryName.Kept(name), PayloadText.Traced(run.Name), id,
                    Math.Max(1, run.RunAttempt ?? 1), startedAt, PayloadText.Traced(run.Conclusion), isTraced ? PayloadText.Traced(run.HeadBranch) : "", isTraced ? PayloadText.Traced(run.HeadSha) : "")
                {
                    IsOnlyTraced = !isCounted,
                }
                : null;
    }
}
