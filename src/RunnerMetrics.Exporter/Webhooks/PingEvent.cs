using System.Buffers;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What GitHub sends when a webhook is made.</summary>
internal sealed class PingEvent : IGitHubEvent
{
    public string Name => "ping";

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery) => WebhookReading.Ignored("pong");
}
