using System.Buffers;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>One kind of GitHub's events: turns its payload into what happened to the fleet. Add one to <see cref="GitHubWebhook"/> by registering it.</summary>
internal interface IGitHubEvent
{
    /// <summary>The event as <c>X-GitHub-Event</c> names it.</summary>
    string Name { get; }

    /// <summary>Reads a payload whose signature was checked.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON, or a field that is used is of another type.</exception>
    WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery);
}
