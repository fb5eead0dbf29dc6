namespace RunnerMetrics.Metrics;

/// <summary>A histogram that any thread may observe with; made by <see cref="Recorder.For(Histogram)"/>.</summary>
public sealed class ConcurrentHistogram : ConcurrentSeries
{
    private readonly Histogram _histogram;
    private readonly double[] _bounds;
    private readonly Side _left;
    private readonly Side _right;

    internal ConcurrentHistogram(Histogram histogram)
    {
        _histogram = histogram;
        _bounds = histogram.Family.Bounds;
        _left = new Side(_bounds.Length + 1);
        _right = new Side(_bounds.Length + 1);
    }

    internal void Observe(int side, double value)
    {
        Histogram.Check(value);
        var recorded = side == 0 ? _left : _right;
        Interlocked.Increment(ref recorded.Counts[Histogram.BucketOf(_bounds, value)]);
        var sum = Volatile.Read(ref recorded.Sum);
        for (var seen = sum; ; sum = seen)
        {
            seen = Interlocked.CompareExchange(ref recorded.Sum, sum + value, sum);
            if (seen.Equals(sum))
            {
                return;
            }
        }
    }

    internal override void Settle(int side)
    {
        var recorded = side == 0 ? _left : _right;
        if (recorded.Counts.AsSpan().ContainsAnyExcept(0L))
        {
            _histogram.Add(recorded.Counts, recorded.Sum);
            Array.Clear(recorded.Counts);
            recorded.Sum = 0;
        }
    }

    private sealed class Side(int buckets)
    {
        public readonly long[] Counts = new long[buckets];
        public double Sum;
    }
}
