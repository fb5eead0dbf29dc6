namespace RunnerMetrics.Metrics;

/// <summary>A counter that any thread may add to; made by <see cref="Recorder.For(Counter)"/>.</summary>
public sealed class ConcurrentCounter : ConcurrentSeries
{
    private readonly Counter _counter;
    private long _left;
    private long _right;

    internal ConcurrentCounter(Counter counter) => _counter = counter;

    internal void Add(int side, long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        Interlocked.Add(ref side == 0 ? ref _left : ref _right, amount);
    }

    internal override void Settle(int side)
    {
        ref var recorded = ref side == 0 ? ref _left : ref _right;
        if (recorded > 0)
        {
            _counter.Increment(recorded);
            recorded = 0;
        }
    }
}
