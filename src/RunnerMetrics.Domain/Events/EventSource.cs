namespace RunnerMetrics.Domain.Events;

/// <summary>An event's sequence number at its sender; the default if the sender does not number its events.</summary>
/// <param name="SenderId">One spool of one agent, until it is deleted.</param>
/// <param name="Sequence">1, 2, 3 … within the sender; 0 if it keeps no order.</param>
public readonly record struct EventSource(string SenderId, ulong Sequence)
{
    /// <summary>Whether duplicates are detected by the sequence, and not by the event's id.</summary>
    public bool HasSequence => Sequence > 0 && SenderId.Length > 0;
}
