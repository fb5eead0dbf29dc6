namespace RunnerMetrics.Core.Events;

/// <summary>
/// Which events of senders that number them are settled: a <see cref="SequenceSet"/> for each sender. A sender that
/// was not heard for longer than the horizon is forgotten.
/// </summary>
internal sealed class SenderLedger(TimeSpan horizon, int capacity)
{
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    public int Count => _senders.Count;

    public bool IsSettled(string senderId, ulong sequence) =>
        _senders.TryGetValue(senderId, out var sender) && sender.Settled.Contains(sequence);

    public void Settle(string senderId, ulong sequence, DateTimeOffset at)
    {
        if (!_senders.TryGetValue(senderId, out var sender))
        {
            _senders[senderId] = sender = new Sender();
        }

        sender.LastAt = at > sender.LastAt ? at : sender.LastAt;
        sender.Settled.Add(sequence);
        if (at > _latest)
        {
            _latest = at;
        }

        if (_senders.Count > capacity)
        {
            // Some at a time, so that the next new sender costs nothing.
            Forget(capacity - (capacity / 16));
        }
    }

    public void Save(BinaryWriter writer)
    {
        Forget(capacity);
        writer.Write(_senders.Count);
        foreach (var (id, sender) in _senders)
        {
            writer.Write(id);
            writer.Write(sender.LastAt.UtcTicks);
            sender.Settled.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var id = reader.ReadString();
            var sender = new Sender { LastAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) };
            sender.Settled.Load(reader);
            _senders[id] = sender;
            _latest = sender.LastAt > _latest ? sender.LastAt : _latest;
        }
    }

    private void Forget(int keep)
    {
        foreach (var (id, sender) in _senders.Where(s => _latest - s.Value.LastAt > horizon).ToArray())
        {
            _senders.Remove(id);
        }

        // More senders than there can be runners: the longest silent ones go, and only their events' ids and jobs guard against repetition.
        foreach (var (id, _) in _senders.OrderBy(s => s.Value.LastAt).Take(Math.Max(0, _senders.Count - keep)).ToArray())
        {
            _senders.Remove(id);
        }
    }

    private sealed class Sender
    {
        public SequenceSet Settled { get; } = new();

        public DateTimeOffset LastAt { get; set; } = DateTimeOffset.MinValue;
    }
}
