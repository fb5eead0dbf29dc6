using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>Stands for a task that is in progress until it is disposed of, once. It allocates nothing.</summary>
public readonly struct ActiveTask : IDisposable
{
    private readonly Recorder _recorder;
    private readonly ConcurrentGauge _active;

    internal ActiveTask(Recorder recorder, ConcurrentGauge active)
    {
        _recorder = recorder;
        _active = active;
        using var recording = recorder.Begin();
        recording.Change(active, 1);
    }

    /// <summary>Says that the task has ended.</summary>
    public void Dispose()
    {
        using var recording = _recorder.Begin();
        recording.Change(_active, -1);
    }
}
