using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>
/// Logs that hold a number of events, an agent that reads them into a spool and may end at any moment, and a collector that remembers all that
/// it was ever sent, whoever sent it.
/// </summary>
internal sealed class SpoolStory(int events, SpoolOptions? options = null)
{
    private readonly SpoolOptions _options = options ?? new SpoolOptions { CompactAfter = 1500 };
    private readonly Dictionary<(string Sender, ulong Sequence), Event> _sent = [];
    private readonly Dictionary<string, HashSet<(string Sender, ulong Sequence)>> _accepted = [];
    private int _noted;

    public ManualTimeProvider Time { get; } = new();

    public SpoolLogger Log { get; } = new();

    /// <summary>Whether the collector has every event of the logs.</summary>
    public bool IsComplete => _accepted.Count == events;

    /// <summary>The events that the collector took under more than one number.</summary>
    public IEnumerable<string> Repeated => _accepted.Where(e => e.Value.Count > 1).Select(e => e.Key);

    /// <summary>The event of the logs at a place, always the same.</summary>
    public static Event EventAt(int at) => new()
    {
        EventId = $"e{at}",
        OccurredAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero).AddMinutes(at)),
        Runner = new Runner { Name = "r", Type = "standard" },
        JobStarted = new JobStarted { Job = new Job { JobKey = $"key-{at}", Name = new string((char)('a' + (at % 26)), 20 + (at * 7 % 60)) } },
    };

    public static DiagCheckpoint PlaceAt(int at) => new([new ListenerPlace(new LogPosition("Runner_1-utc.log", at), null, null, false)], [], new Machine("boot", ""));

    public EventSpool Open(IStorageFolder disk) => EventSpool.Open(disk, _options, Time, Log);

    /// <summary>Reads, spools and delivers until everything is delivered or it is over.</summary>
    public void Run(IStorageFolder disk, Func<bool> isOver, int seed, int limit = 2000)
    {
        var random = new Random(seed);
        using var spool = Open(disk);
        if (isOver())
        {
            return;
        }

        var at = (int)(spool.Place?.Logs[0].At.Offset ?? 0);
        Assert.True(at >= _noted, $"The spool took the events up to {_noted}, and knows only those up to {at}.");
        while (!isOver() && limit-- > 0)
        {
            at = Read(spool, at, 1 + random.Next(3), isOver);
            if (isOver() || (at == events && spool.Waiting == 0))
            {
                return;
            }

            Deliver(spool, random, isOver);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A damaged spool knows less: what it knew is read again.</summary>
    public void Forgive() => _noted = 0;

    /// <summary>Delivers the first events of a spool, all of which the collector takes.</summary>
    public void DeliverOne(EventSpool spool, int count)
    {
        spool.Rewind();
        var batch = spool.Next(count)!;
        foreach (var sent in batch.Events)
        {
            Take(spool.SenderId, sent);
            Accept(spool.SenderId, sent);
        }

        spool.Pass(batch, batch.Events.Select(e => e.EventId).ToHashSet());
    }

    private int Read(EventSpool spool, int at, int count, Func<bool> isOver)
    {
        count = Math.Min(count, events - at);
        if (count == 0 || !spool.IsReady() || isOver())
        {
            return at;
        }

        try
        {
            spool.Append([.. Enumerable.Range(at, count).Select(EventAt)], PlaceAt(at + count));
        }
        catch (IOException)
        {
            return at;
        }

        // What happens after the end did not happen, and Append did not return.
        return isOver() ? at : _noted = at + count;
    }

    private void Deliver(EventSpool spool, Random random, Func<bool> isOver)
    {
        if (spool.Next(4) is not { } batch)
        {
            if (spool.HasKept)
            {
                spool.Rewind();
            }

            return;
        }

        var settled = new HashSet<string>();
        foreach (var sent in batch.Events)
        {
            Take(spool.SenderId, sent);
            if (random.Next(5) > 0)
            {
                settled.Add(sent.EventId);
                Accept(spool.SenderId, sent);
            }
        }

        if (!isOver())
        {
            spool.Pass(batch, settled);
        }
    }

    private void Take(string sender, Event sent)
    {
        var told = sent.Clone();
        told.Sequence = 0;
        Assert.Equal(EventAt(int.Parse(sent.EventId.AsSpan(1), null)), told);
        Assert.NotEqual(0UL, sent.Sequence);
        if (_sent.TryGetValue((sender, sent.Sequence), out var before))
        {
            Assert.True(before.EventId == sent.EventId, $"{sent.EventId} has the number {sent.Sequence}, which {before.EventId} had.");
        }

        _sent[(sender, sent.Sequence)] = sent;
    }

    private void Accept(string sender, Event sent)
    {
        if (!_accepted.TryGetValue(sent.EventId, out var numbers))
        {
            _accepted[sent.EventId] = numbers = [];
        }

        numbers.Add((sender, sent.Sequence));
    }
}
