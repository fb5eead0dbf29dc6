using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Wire;

namespace RunnerMetrics.Exporter.Intake;

/// <summary>The result of reading one event: something to fold, a heartbeat, or a rejection with its reason.</summary>
internal readonly record struct EventReading
{
    public FleetEvent? Event { get; private init; }

    /// <summary>With <see cref="Event"/>: what is kept of it, its times put right. What is read from it later is <see cref="Event"/> again.</summary>
    public Event? Kept { get; private init; }

    public Heartbeat? Heartbeat { get; private init; }

    /// <summary>Why it was refused, and what would be right.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Under which word a refusal is counted.</summary>
    public RejectionReason Reason { get; private init; }

    /// <summary>Well-formed, but newer than this exporter: the sender must keep it.</summary>
    public bool IsUnsupported { get; private init; }

    /// <summary>Why it is not accepted now, though it is valid: the sender must keep it.</summary>
    public string? Deferral { get; private init; }

    /// <summary>With <see cref="Deferral"/>: whether its token has sent too many, and not what it is not for.</summary>
    public bool IsBeyondBudget { get; private init; }

    /// <summary>A validated event, as it is stored.</summary>
    public static EventReading Of(Event kept) => new() { Event = WireEvents.FromWire(kept), Kept = kept };

    public static EventReading Of(Heartbeat heartbeat) => new() { Heartbeat = heartbeat };

    public static EventReading Rejected(string refusal, RejectionReason reason = RejectionReason.Malformed) =>
        new() { Refusal = refusal, Reason = reason };

    /// <summary>An event that its token does not allow.</summary>
    public static EventReading Deferred(string reason, bool isBeyondBudget) => new() { Deferral = reason, IsBeyondBudget = isBeyondBudget };

    public static EventReading Unsupported(string refusal) => new() { Refusal = refusal, IsUnsupported = true };
}
