namespace RunnerMetrics.Domain.Events;

/// <summary>An event's place among those of a sender that numbers its events; the default if it does not.</summary>
/// <param name="SenderId">One spool of one agent, for as long as it lives.</param>
/// <param name="Sequence">1, 2, 3 … within the sender; 0 if it keeps no order.</param>
public readonly record struct EventSource(string SenderId, ulong Sequence)
{
    /// <summary>Whether the sequence, and not the event's id, tells repetitions.</summary>
    public bool HasSequence => Sequence > 0 && SenderId.Length > 0;
}
