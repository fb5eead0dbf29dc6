using System.Diagnostics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>Measures until it is disposed of, once: <c>using var timer = collector.TimeProcessing();</c>. It allocates nothing.</summary>
public readonly struct DurationTimer : IDisposable
{
    private readonly Histogram<double> _histogram;
    private readonly TimeProvider _time;
    private readonly long _start;

    internal DurationTimer(Histogram<double> histogram, TimeProvider time)
    {
        _histogram = histogram;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Records how long it was.</summary>
    public void Dispose() => _histogram.Record(_time.GetElapsedTime(_start).TotalSeconds);
}
