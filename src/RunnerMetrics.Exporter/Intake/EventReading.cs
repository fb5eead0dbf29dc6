using RunnerMetrics.Domain.Events;

namespace RunnerMetrics.Exporter.Intake;

/// <summary>What came of reading one event off the wire: something to fold, a sign of life, or a refusal with its reason.</summary>
internal readonly record struct EventReading
{
    public FleetEvent? Event { get; private init; }

    public Heartbeat? Heartbeat { get; private init; }

    /// <summary>Why it was refused, and what would be right.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Under which word a refusal is counted.</summary>
    public RejectionReason Reason { get; private init; }

    /// <summary>Well-formed, but newer than this exporter: the sender is to keep it.</summary>
    public bool IsUnsupported { get; private init; }

    /// <summary>Why it is not taken now, though it is right: the sender is to keep it.</summary>
    public string? Deferral { get; private init; }

    public static EventReading Of(FleetEvent happened) => new() { Event = happened };

    public static EventReading Of(Heartbeat heartbeat) => new() { Heartbeat = heartbeat };

    public static EventReading Rejected(string refusal, RejectionReason reason = RejectionReason.Malformed) =>
        new() { Refusal = refusal, Reason = reason };

    public static EventReading Deferred(string reason) => new() { Deferral = reason };

    public static EventReading Unsupported(string refusal) => new() { Refusal = refusal, IsUnsupported = true };
}
