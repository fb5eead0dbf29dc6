using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>Measures until it is disposed of, once: <c>using var timer = collector.TimeProcessing();</c>. It allocates nothing.</summary>
public readonly struct DurationTimer : IDisposable
{
    private readonly Recorder _recorder;
    private readonly ConcurrentHistogram _histogram;
    private readonly TimeProvider _time;
    private readonly long _start;

    internal DurationTimer(Recorder recorder, ConcurrentHistogram histogram, TimeProvider time)
    {
        _recorder = recorder;
        _histogram = histogram;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Records how long it was.</summary>
    public void Dispose()
    {
        var seconds = _time.GetElapsedTime(_start).TotalSeconds;
        using var recording = _recorder.Begin();
        recording.Observe(_histogram, seconds);
    }
}
