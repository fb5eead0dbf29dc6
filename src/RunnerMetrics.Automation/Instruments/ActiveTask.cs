using System.Diagnostics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>Stands for a task that is in progress until it is disposed of, once. It allocates nothing.</summary>
public readonly struct ActiveTask : IDisposable
{
    private readonly UpDownCounter<long> _active;

    internal ActiveTask(UpDownCounter<long> active)
    {
        _active = active;
        active.Add(1);
    }

    /// <summary>Says that the task has ended.</summary>
    public void Dispose() => _active.Add(-1);
}
