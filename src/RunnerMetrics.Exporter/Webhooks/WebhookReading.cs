using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Intake;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What came of reading one payload: something to fold, nothing of interest, or a refusal with its reason.</summary>
internal readonly record struct WebhookReading
{
    /// <summary>What happened; made durable together.</summary>
    public IReadOnlyList<FleetEvent> Events { get; private init; }

    /// <summary>Why there is nothing to keep, or why the payload is refused, and what would be right.</summary>
    public string? Remark { get; private init; }

    /// <summary>Under which word a refusal is counted; null if nothing is refused.</summary>
    public RejectionReason? Refusal { get; private init; }

    /// <summary>It says something that is newer than this exporter; what could be understood of it is in <see cref="Events"/>.</summary>
    public bool IsUnsupported { get; private init; }

    /// <summary>The same with other events.</summary>
    public WebhookReading With(IReadOnlyList<FleetEvent> events) => this with { Events = events };

    public static WebhookReading Of(params IReadOnlyList<FleetEvent> events) => new() { Events = events };

    public static WebhookReading Unsupported(string remark, params IReadOnlyList<FleetEvent> events) => new() { Events = events, Remark = remark, IsUnsupported = true };

    public static WebhookReading Ignored(string remark) => new() { Events = [], Remark = remark };

    public static WebhookReading Rejected(string refusal, RejectionReason reason = RejectionReason.Malformed) =>
        new() { Events = [], Remark = refusal, Refusal = reason };
}
