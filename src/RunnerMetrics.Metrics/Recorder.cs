namespace RunnerMetrics.Metrics;

/// <summary>
/// Lets many threads record at once, without a lock and without waiting for a scrape, and still gives a scrape a consistent moment of all recordings.
/// </summary>
/// <remarks>
/// Recordings go to one of two sides. A scrape switches the side, waits for the few recordings in progress on the old side, and
/// moves that side's counts into the series that are shown: it sees each recording completely or not at all. A recording costs an atomic addition at its
/// begin, one at its end, and those between.
/// </remarks>
public sealed class Recorder
{
    // Far enough apart that the two never share a cache line.
    private const int EndedStride = 16;

    private readonly List<ConcurrentSeries> _series = [];
    private readonly MetricGate _gate;
    private readonly long[] _ended = new long[EndedStride * 2];
    private long _begun; // the sign: which side; the rest: how many recordings have begun

    internal Recorder(MetricGate gate) => _gate = gate;

    /// <summary>Begins a recording: everything in it is in the same scrape. End it soon, in a <c>using</c>: the next scrape waits for it.</summary>
    public Recording Begin() => new(this, (int)(Interlocked.Increment(ref _begun) >>> 63));

    /// <summary>A counter that any thread may add to.</summary>
    public ConcurrentCounter For(Counter counter) => Add(new ConcurrentCounter(counter));

    /// <summary>A gauge that any thread may raise and lower; it shows 0 from now on.</summary>
    public ConcurrentGauge For(Gauge gauge)
    {
        using var held = _gate.Enter();
        return Add(new ConcurrentGauge(gauge));
    }

    /// <summary>A histogram that any thread may observe with.</summary>
    public ConcurrentHistogram For(Histogram histogram) => Add(new ConcurrentHistogram(histogram));

    internal void End(int side) => Interlocked.Increment(ref _ended[side * EndedStride]);

    /// <summary>Moves what was recorded up to now into the series; for a holder of the registry's gate.</summary>
    internal void Settle()
    {
        if (_series.Count == 0)
        {
            return;
        }

        var now = Interlocked.Add(ref _begun, long.MinValue);
        var begun = now & long.MaxValue;
        var hot = (int)(now >>> 63);
        ref var left = ref _ended[(1 - hot) * EndedStride];
        var wait = new SpinWait();
        while (Volatile.Read(ref left) != begun)
        {
            wait.SpinOnce();
        }

        foreach (var series in _series)
        {
            series.Settle(1 - hot);
        }

        // The old side starts from zero when its turn comes; the other continues the count of all ended recordings.
        left = 0;
        Interlocked.Add(ref _ended[hot * EndedStride], begun);
    }

    private T Add<T>(T series)
        where T : ConcurrentSeries
    {
        using (_gate.Enter())
        {
            _series.Add(series);
            return series;
        }
    }
}
