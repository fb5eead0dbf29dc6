namespace RunnerMetrics.Metrics;

/// <summary>A whole number that any thread may raise and lower; made by <see cref="Recorder.For(Gauge)"/>.</summary>
public sealed class ConcurrentGauge : ConcurrentSeries
{
    private readonly Gauge _gauge;
    private long _left;
    private long _right;
    private long _value;

    internal ConcurrentGauge(Gauge gauge)
    {
        _gauge = gauge;
        _gauge.Set(0);
    }

    internal void Change(int side, long by) => Interlocked.Add(ref side == 0 ? ref _left : ref _right, by);

    internal override void Settle(int side)
    {
        ref var recorded = ref side == 0 ? ref _left : ref _right;
        _value += recorded;
        recorded = 0;
        _gauge.Set(_value);
    }
}
