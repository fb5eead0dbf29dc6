using RunnerMetrics.Agent.Spool.V1;

namespace RunnerMetrics.Agent.Spool;

/// <content>What waits for too long.</content>
internal sealed partial class EventSpool
{
    private static readonly TimeSpan SayDroppedAgainAfter = TimeSpan.FromHours(1);

    private DateTimeOffset _nothingExpiresBefore = DateTimeOffset.MinValue;
    private ulong _droppedUnsaid;
    private long? _saidDroppedAt;

    /// <summary>
    /// Drops what has waited for too long, and counts it. It is called when the collector has just refused what waits, so that everything is
    /// offered once more before it goes.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void DropExpired()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (!_isReadable || _live == 0 || now < _nothingExpiresBefore || _failures > 0)
            {
                return;
            }

            var (expired, bytes) = FindExpired(now - _options.MaxAge);
            if (!expired.IsEmpty)
            {
                Drop(expired, bytes);
            }
        }
    }

    private (SequenceSet Expired, long Bytes) FindExpired(DateTimeOffset limit)
    {
        var expired = new SequenceSet();
        var bytes = 0L;
        _nothingExpiresBefore = DateTimeOffset.MinValue;
        using var reader = OpenReader(SpoolFormat.Header.Length);
        while (reader.Read() is { } frame)
        {
            foreach (var waiting in frame.Events.Where(e => !_settled.Contains(e.Sequence)))
            {
                if (frame.WrittenAt.ToDateTimeOffset() is var writtenAt && writtenAt > limit)
                {
                    _nothingExpiresBefore = writtenAt + _options.MaxAge;
                    return (expired, bytes);
                }

                expired.Add(waiting.Sequence);
                bytes += waiting.CalculateSize();
            }
        }

        return (expired, bytes);
    }

    // Counted first: what is dropped in memory only would be delivered after a crash.
    private void Drop(SequenceSet expired, long bytes)
    {
        var count = expired.Ranges.Aggregate(0UL, (sum, range) => sum + range.Last - range.First + 1);
        var frame = new SpoolFrame { NextSequence = _next, EventsLost = _lost + count };
        foreach (var (first, last) in expired.Ranges)
        {
            frame.Settled.Add(new V1.Range { First = first, Last = last });
        }

        if (!TrySave(frame))
        {
            return;
        }

        foreach (var (first, last) in expired.Ranges)
        {
            _settled.Add(first, last);
        }

        _lost += count;
        _live -= (long)count;
        _liveBytes -= bytes;
        _droppedUnsaid += count;
        if (_saidDroppedAt is not { } said || _time.GetElapsedTime(said) >= SayDroppedAgainAfter)
        {
            SpoolLog.Dropped(_logger, _droppedUnsaid, _options.MaxAge.TotalDays, _lost);
            _saidDroppedAt = _time.GetTimestamp();
            _droppedUnsaid = 0;
        }

        TryCompact();
    }
}
