namespace RunnerMetrics.Agent.Spool;

/// <summary>Sequences, kept as ranges: they become settled nearly in order.</summary>
internal sealed class SequenceSet
{
    // In order, and with a gap between any two.
    private readonly List<(ulong First, ulong Last)> _ranges = [];

    public IReadOnlyList<(ulong First, ulong Last)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Count == 0;

    public bool Contains(ulong sequence) => FirstEndingAtOrAfter(sequence) is var at && at < _ranges.Count && _ranges[at].First <= sequence;

    public void Add(ulong sequence) => Add(sequence, sequence);

    public void Add(ulong first, ulong last)
    {
        var begin = FirstEndingAtOrAfter(first == 0 ? 0 : first - 1);
        var end = begin;
        while (end < _ranges.Count && (last == ulong.MaxValue || _ranges[end].First <= last + 1))
        {
            first = Math.Min(first, _ranges[end].First);
            last = Math.Max(last, _ranges[end].Last);
            end++;
        }

        _ranges.RemoveRange(begin, end - begin);
        _ranges.Insert(begin, (first, last));
    }

    public void Clear() => _ranges.Clear();

    private int FirstEndingAtOrAfter(ulong sequence)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].Last < sequence ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
