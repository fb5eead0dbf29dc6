namespace RunnerMetrics.Domain.Memory;

/// <summary>Which of a sender's numbered events are settled: ranges, nearly always one, because a sender works them off in order.</summary>
/// <param name="all">The gaps of all senders together, which have a limit too.</param>
internal sealed class SettledSequences(GapBudget all)
{
    private const int MaxRanges = 1024;

    // In order, and with a gap between any two.
    private readonly List<(ulong From, ulong To)> _ranges = [];

    /// <summary>Whether it takes no more gaps: what opens another one must be remembered elsewhere.</summary>
    public bool IsCrowded => _ranges.Count >= MaxRanges || (_ranges.Count > 0 && all.IsSpent);

    /// <summary>The ranges, in order.</summary>
    public IReadOnlyList<(ulong From, ulong To)> Ranges => _ranges;

    public bool Contains(ulong sequence) => RangeBefore(sequence) is >= 0 and var at && sequence <= _ranges[at].To;

    /// <summary>Adds a number; false if it would open another gap and there are too many.</summary>
    public bool TryAdd(ulong sequence)
    {
        var before = RangeBefore(sequence);
        if (before >= 0 && sequence <= _ranges[before].To)
        {
            return true;
        }

        var joinsBefore = before >= 0 && _ranges[before].To + 1 == sequence;
        var joinsAfter = before + 1 < _ranges.Count && _ranges[before + 1].From == sequence + 1;
        if (joinsBefore && joinsAfter)
        {
            _ranges[before] = (_ranges[before].From, _ranges[before + 1].To);
            _ranges.RemoveAt(before + 1);
            all.Ranges--;
        }
        else if (joinsBefore)
        {
            _ranges[before] = (_ranges[before].From, sequence);
        }
        else if (joinsAfter)
        {
            _ranges[before + 1] = (sequence, _ranges[before + 1].To);
        }
        else if (IsCrowded)
        {
            return false;
        }
        else
        {
            _ranges.Insert(before + 1, (sequence, sequence));
            all.Ranges++;
        }

        return true;
    }

    /// <summary>Continues with ranges as they were.</summary>
    public void Restore(IEnumerable<(ulong From, ulong To)> ranges)
    {
        _ranges.AddRange(ranges);
        all.Ranges += _ranges.Count;
    }

    /// <summary>Gives back its part of all senders' gaps.</summary>
    public void Forget() => all.Ranges -= _ranges.Count;

    // The last range that begins at or before a number, or -1.
    private int RangeBefore(ulong sequence)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].From <= sequence ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
