namespace RunnerMetrics.Core.Events;

/// <summary>
/// Which events of senders that number them are settled: for each sender the mark below which all are, and the few above it. A sender that
/// was not heard for longer than the horizon is forgotten.
/// </summary>
internal sealed class SenderLedger(TimeSpan horizon, int capacity)
{
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    public int Count => _senders.Count;

    public bool IsSettled(string senderId, ulong sequence) =>
        _senders.TryGetValue(senderId, out var sender) && (sequence <= sender.Mark || sender.Above.Contains(sequence));

    public void Settle(string senderId, ulong sequence, DateTimeOffset at)
    {
        if (!_senders.TryGetValue(senderId, out var sender))
        {
            _senders[senderId] = sender = new Sender();
        }

        sender.LastAt = at > sender.LastAt ? at : sender.LastAt;
        if (sequence > sender.Mark)
        {
            sender.Above.Add(sequence);
            while (sender.Above.Remove(sender.Mark + 1))
            {
                sender.Mark++;
            }
        }

        if (at > _latest)
        {
            _latest = at;
        }

        if (_senders.Count > capacity)
        {
            Forget();
        }
    }

    public void Save(BinaryWriter writer)
    {
        Forget();
        writer.Write(_senders.Count);
        foreach (var (id, sender) in _senders)
        {
            writer.Write(id);
            writer.Write(sender.Mark);
            writer.Write(sender.LastAt.UtcTicks);
            writer.Write(sender.Above.Count);
            foreach (var sequence in sender.Above)
            {
                writer.Write(sequence);
            }
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var id = reader.ReadString();
            var sender = new Sender { Mark = reader.ReadUInt64(), LastAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) };
            for (var above = reader.ReadInt32(); above > 0; above--)
            {
                sender.Above.Add(reader.ReadUInt64());
            }

            _senders[id] = sender;
            _latest = sender.LastAt > _latest ? sender.LastAt : _latest;
        }
    }

    private void Forget()
    {
        foreach (var (id, sender) in _senders.Where(s => _latest - s.Value.LastAt > horizon).ToArray())
        {
            _senders.Remove(id);
        }

        // More senders than there can be runners: the longest silent ones go, and only their events' ids and jobs guard against repetition.
        foreach (var (id, _) in _senders.OrderBy(s => s.Value.LastAt).Take(Math.Max(0, _senders.Count - capacity)).ToArray())
        {
            _senders.Remove(id);
        }
    }

    private sealed class Sender
    {
        public ulong Mark { get; set; }

        public SortedSet<ulong> Above { get; } = [];

        public DateTimeOffset LastAt { get; set; } = DateTimeOffset.MinValue;
    }
}
