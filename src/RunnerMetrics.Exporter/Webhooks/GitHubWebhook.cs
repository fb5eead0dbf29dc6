using System.Buffers;
using System.Text.Json;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Repositories;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Takes a payload whose signature was checked: reads it, makes its content durable, and returns the outcome.</summary>
internal sealed class GitHubWebhook(
    CommitLoop commits, IEnumerable<IGitHubEvent> events, RepositoryFilter repositories, WebhookMetrics metrics, ILogger<GitHubWebhook> logger)
{
    private readonly Dictionary<string, IGitHubEvent> _events = events.ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>Takes a delivery.</summary>
    /// <exception cref="StoreUnavailableException">It could not be kept: GitHub is to deliver it again.</exception>
    public async Task<WebhookAnswer> TakeAsync(string name, UnverifiedBody body, WebhookDelivery delivery)
    {
        if (!_events.TryGetValue(name, out var known))
        {
            metrics.Ignore();
            return WebhookAnswer.Accepted($"ignored: this exporter has no use for the event '{name}'");
        }

        var reading = Read(known, body.Bytes, delivery);
        if (reading.Refusal is { } reason)
        {
            metrics.Reject(reason);
            WebhookLog.Refused(logger, delivery.Id, name, reading.Remark!);

            // What is too old is well-formed: delivering it again would not help, and there is nothing to fix.
            return reason == RejectionReason.TooOld ? WebhookAnswer.Accepted($"too_old: {reading.Remark}") : WebhookAnswer.BadRequest(reading.Remark!);
        }

        if (reading.Events.Count == 0)
        {
            metrics.Ignore();
            return name == "ping" ? new WebhookAnswer(StatusCodes.Status200OK, reading.Remark!) : WebhookAnswer.Accepted($"ignored: {reading.Remark}");
        }

        reading = reading.With([.. reading.Events.Select(repositories.Hide).OfType<FleetEvent>()]);
        if (reading.Events.Count == 0)
        {
            metrics.Reject(RejectionReason.ExcludedRepository);
            return WebhookAnswer.Accepted(RepositoryFilter.Refusal);
        }

        var results = await commits.SubmitAsync([.. reading.Events.Select(CommitItem.Of)]);
        return Settle(name, reading, results, delivery);
    }

    private WebhookAnswer Settle(string name, WebhookReading reading, CommitResult[] results, WebhookDelivery delivery)
    {
        if (Array.Find(results, result => result.Outcome == ApplyOutcome.Deferred) is { Reason: { } reason })
        {
            metrics.Defer();
            return WebhookAnswer.Unavailable($"deferred: {reason}; deliver it again then");
        }

        if (results[0].Outcome == ApplyOutcome.Duplicate)
        {
            metrics.CountDuplicate();
            return WebhookAnswer.Accepted("duplicate: this delivery was taken before");
        }

        if (reading.IsUnsupported)
        {
            metrics.CountUnsupported();
            WebhookLog.New(logger, delivery.Id, name, reading.Remark!);
            return WebhookAnswer.Accepted(reading.Remark!);
        }

        metrics.Accept(delivery.ReceivedAt - reading.Events[0].OccurredAt);
        return WebhookAnswer.Accepted("accepted");
    }

    private static WebhookReading Read(IGitHubEvent known, ReadOnlySequence<byte> payload, WebhookDelivery delivery)
    {
        try
        {
            return known.Read(payload, delivery);
        }
        catch (JsonException e)
        {
            // The message holds no part of the payload but the names of fields: "… Path: $.workflow_job.id | LineNumber: 0 | BytePositionInLine: 41."
            return WebhookReading.Rejected($"the payload is no JSON that can be used: {e.Message}");
        }
    }
}
