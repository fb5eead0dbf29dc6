using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Wire;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>One thing to make durable and fold in: how it is kept, and what it is.</summary>
/// <param name="Entry">What is written.</param>
/// <param name="Event">What is folded in; null if a refused event's sequence is settled and nothing else.</param>
/// <param name="Source">The event's place among its sender's.</param>
internal readonly record struct CommitItem(Entry Entry, FleetEvent? Event, EventSource Source)
{
    /// <summary>An event of a sender, as it was checked.</summary>
    public static CommitItem Of(Event wire, FleetEvent happened, EventSource source) =>
        new(new Entry { Event = wire, SenderId = source.HasSequence ? source.SenderId : "" }, happened, source);

    /// <summary>The end of a rejected event.</summary>
    public static CommitItem Settled(EventSource source, DateTimeOffset at) => new(
        new Entry { Settled = new Settled { Sequence = source.Sequence, OccurredAt = at.ToTimestamp() }, SenderId = source.SenderId }, null, source);

    /// <summary>An event that the exporter itself makes.</summary>
    public static CommitItem Of(FleetEvent happened) => new(FleetEntries.ToEntry(happened), happened, default);

    /// <summary>The content of an entry; null in <see cref="Event"/> if it only settles a sequence.</summary>
    /// <exception cref="StorageException">A later exporter wrote it.</exception>
    public static CommitItem Read(Entry entry)
    {
        var sequence = entry.KindCase switch
        {
            Entry.KindOneofCase.Event => entry.Event.Sequence,
            Entry.KindOneofCase.Settled => entry.Settled.Sequence,
            _ => 0ul,
        };
        return new CommitItem(entry, FleetEntries.FromEntry(entry), new EventSource(entry.SenderId, sequence));
    }
}
