using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Machine;

/// <summary>The platform's machine, read at each scrape; values that the operating system does not report are absent.</summary>
/// <remarks>In a container the processors and the memory are the whole machine's, not the container's share.</remarks>
public sealed class SystemMetrics
{
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);

    private readonly Gauge _cpu;
    private readonly Gauge _memory;
    private readonly Gauge _disk;
    private readonly DriveInfo _drive;
    private readonly TimeProvider _time;
    private ProcessorTime? _processors;
    private long _readAt;

    private SystemMetrics(MetricRegistry registry, string folder, TimeProvider time)
    {
        _cpu = registry.AddGauge(AutomationMetricCatalog.SystemCpu);
        _memory = registry.AddGauge(AutomationMetricCatalog.SystemMemory);
        _disk = registry.AddGauge(AutomationMetricCatalog.SystemDisk);
        _drive = new DriveInfo(folder);
        _time = time;
    }

    /// <summary>Adds the families to a registry, and what keeps them up to date; a second time, nothing.</summary>
    /// <param name="registry">Where they are shown.</param>
    /// <param name="folder">A folder on the disk that is meant; the current one if none is given.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    public static void AddTo(MetricRegistry registry, string? folder = null, TimeProvider? time = null) => registry.Share("system", registry =>
    {
        var metrics = new SystemMetrics(registry, Path.GetFullPath(folder ?? Environment.CurrentDirectory), time ?? TimeProvider.System);
        registry.AddCollector(metrics.Collect);
        return metrics;
    });

    private void Collect()
    {
        CollectProcessors();
        _memory.Set(ProcMachine.MemoryPercent());
        _disk.Set(DiskPercent());
    }

    // Two scrapes at nearly the same time would measure next to nothing: the second shows what the first did.
    private void CollectProcessors()
    {
        var now = _time.GetTimestamp();
        if (_processors is not null && _time.GetElapsedTime(_readAt, now) < ShortestSpan)
        {
            return;
        }

        var read = ProcMachine.Processors();
        _cpu.Set(_processors is { } earlier ? read?.PercentSince(earlier) ?? _cpu.Value : null);
        _processors = read;
        _readAt = now;
    }

    // As df(1) counts: what is used, of that and what a user may still write.
    private double? DiskPercent()
    {
        try
        {
            var used = _drive.TotalSize - _drive.TotalFreeSpace;
            var usable = used + _drive.AvailableFreeSpace;
            return usable > 0 ? 100.0 * used / usable : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
