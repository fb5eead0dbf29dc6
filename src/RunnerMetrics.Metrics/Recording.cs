namespace RunnerMetrics.Metrics;

/// <summary>A group of changes: a scrape shows all of them or none. Made by <see cref="Recorder.Begin"/>; it ends when it is disposed of, once.</summary>
public readonly ref struct Recording : IDisposable
{
    private readonly Recorder _recorder;
    private readonly int _side;

    internal Recording(Recorder recorder, int side)
    {
        _recorder = recorder;
        _side = side;
    }

    /// <summary>Counts.</summary>
    /// <param name="counter">A counter of the same registry.</param>
    /// <param name="amount">Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative: a counter never decreases.</exception>
    public void Add(ConcurrentCounter counter, long amount = 1) => counter.Add(_side, amount);

    /// <summary>Raises a gauge, or lowers it by a negative amount.</summary>
    public void Change(ConcurrentGauge gauge, long by) => gauge.Change(_side, by);

    /// <summary>Counts an observation.</summary>
    /// <param name="histogram">A histogram of the same registry.</param>
    /// <param name="value">Finite, in the family's unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number.</exception>
    public void Observe(ConcurrentHistogram histogram, double value) => histogram.Observe(_side, value);

    /// <summary>Ends the recording.</summary>
    public void Dispose() => _recorder.End(_side);
}
