namespace RunnerMetrics.Core.Events;

/// <summary>
/// The sequences of one sender that are settled: the mark up to which all are, and the ranges above it. Its size follows the gaps, not the events;
/// past <see cref="MaxGaps"/> the oldest gap counts as settled: a sender repeats what is missing long before it has left so many.
/// </summary>
internal sealed class SequenceSet
{
    public const int MaxGaps = 1000;

    private readonly List<(ulong From, ulong To)> _above = [];
    private ulong _mark;

    /// <summary>How many sequences, or runs of them, are missing.</summary>
    public int Gaps => _above.Count;

    public bool Contains(ulong sequence) => sequence <= _mark || (RangeUpFrom(sequence) is var i && i < _above.Count && _above[i].From <= sequence);

    public void Add(ulong sequence)
    {
        if (Contains(sequence))
        {
            return;
        }

        // The range that ends just below it, or the first one above it.
        var i = RangeUpFrom(sequence - 1);
        if (i < _above.Count && _above[i].To == sequence - 1)
        {
            var joins = i + 1 < _above.Count && _above[i + 1].From - 1 == sequence;
            _above[i] = (_above[i].From, joins ? _above[i + 1].To : sequence);
            if (joins)
            {
                _above.RemoveAt(i + 1);
            }
        }
        else if (i < _above.Count && _above[i].From - 1 == sequence)
        {
            _above[i] = (sequence, _above[i].To);
        }
        else
        {
            _above.Insert(i, (sequence, sequence));
        }

        if (_above.Count > 0 && (_above[0].From - 1 == _mark || _above.Count > MaxGaps))
        {
            _mark = _above[0].To;
            _above.RemoveAt(0);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_mark);
        writer.Write(_above.Count);
        foreach (var (from, to) in _above)
        {
            writer.Write(from);
            writer.Write(to);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty set.</summary>
    public void Load(BinaryReader reader)
    {
        _mark = reader.ReadUInt64();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _above.Add((reader.ReadUInt64(), reader.ReadUInt64()));
        }
    }

    // The index of the first range that ends at the sequence or above it.
    private int RangeUpFrom(ulong sequence)
    {
        var (low, high) = (0, _above.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _above[middle].To < sequence ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
