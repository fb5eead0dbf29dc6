using System.Buffers;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>push</c>: commits, and when they were made. A push that deletes a branch has none.</summary>
internal sealed class PushEvent : IGitHubEvent
{
    public string Name => "push";

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery) =>
        WebhookJson.Read(payload, WebhookJson.Default.PushPayload) is { } push
            ? CommitReading.Of([push.HeadCommit, .. push.Commits ?? []], push.Repository, delivery)
            : WebhookReading.Rejected("the payload is null: send GitHub's JSON object");
}
