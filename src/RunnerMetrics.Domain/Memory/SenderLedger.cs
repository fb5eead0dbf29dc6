namespace RunnerMetrics.Domain.Memory;

/// <summary>
/// Which events of senders that number them are settled. A sender that has not reported for longer than the horizon is forgotten, and so are
/// the longest silent ones if there are more senders than there can be runners: their jobs' keys still prevent double counts.
/// </summary>
internal sealed class SenderLedger(TimeSpan horizon, int capacity)
{
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private readonly GapBudget _gaps = new(4L * capacity);
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    public int Count => _senders.Count;

    public bool IsSettled(string senderId, ulong sequence) =>
        _senders.TryGetValue(senderId, out var sender) && sender.Settled.Contains(sequence);

    /// <summary>Whether a sender left so many gaps that further events are told apart by their ids.</summary>
    public bool IsCrowded(string senderId) => _senders.TryGetValue(senderId, out var sender) && sender.Settled.IsCrowded;

    /// <summary>Records that an event is settled; false if its sender is <see cref="IsCrowded">crowded</see>, and nothing was noted.</summary>
    public bool TrySettle(string senderId, ulong sequence, DateTimeOffset at)
    {
        if (!_senders.TryGetValue(senderId, out var sender))
        {
            _senders[senderId] = sender = new Sender(_gaps);
        }

        sender.LastAt = at > sender.LastAt ? at : sender.LastAt;
        _latest = at > _latest ? at : _latest;
        if (_senders.Count > capacity)
        {
            Forget(capacity - (capacity / 20));
        }

        return sender.Settled.TryAdd(sequence);
    }

    /// <summary>All senders but those who are past the horizon, which are forgotten: when each last reported, and which ranges of its events are settled.</summary>
    public IEnumerable<(string Id, DateTimeOffset LastAt, IReadOnlyList<(ulong From, ulong To)> Settled)> TakeStock()
    {
        Forget(capacity);
        return _senders.Select(sender => (sender.Key, sender.Value.LastAt, sender.Value.Settled.Ranges));
    }

    /// <summary>Continues with a sender as it was.</summary>
    public void Restore(string id, DateTimeOffset lastAt, IEnumerable<(ulong From, ulong To)> settled)
    {
        var sender = _senders[id] = new Sender(_gaps) { LastAt = lastAt };
        sender.Settled.Restore(settled);
        _latest = lastAt > _latest ? lastAt : _latest;
    }

    private void Forget(int most)
    {
        foreach (var (id, sender) in _senders.Where(s => _latest - s.Value.LastAt > horizon).ToArray())
        {
            Remove(id, sender);
        }

        foreach (var (id, sender) in _senders.OrderBy(s => s.Value.LastAt).Take(Math.Max(0, _senders.Count - most)).ToArray())
        {
            Remove(id, sender);
        }
    }

    private void Remove(string id, Sender sender)
    {
        _senders.Remove(id);
        sender.Settled.Forget();
    }

    private sealed class Sender(GapBudget gaps)
    {
        public SettledSequences Settled { get; } = new(gaps);

        public DateTimeOffset LastAt { get; set; } = DateTimeOffset.MinValue;
    }
}
