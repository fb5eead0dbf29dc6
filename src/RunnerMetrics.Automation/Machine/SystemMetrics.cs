using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Machine;

/// <summary>The platform's machine, read at each scrape; values that the operating system does not report are absent.</summary>
/// <remarks>In a container the processors and the memory are the whole machine's, not the container's share.</remarks>
public sealed class SystemMetrics
{
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly DriveInfo _drive;
    private readonly TimeProvider _time;
    private ProcessorTime? _processors;
    private double? _percent;
    private long _readAt;

    private SystemMetrics(string folder, TimeProvider time) => (_drive, _time) = (new DriveInfo(folder), time);

    /// <summary>Adds the gauges of the machine.</summary>
    /// <param name="meters">Makes them.</param>
    /// <param name="folder">A folder on the disk that is meant; the current one if none is given.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    public static void AddTo(IMeterFactory meters, string? folder = null, TimeProvider? time = null)
    {
        var meter = AutomationMeter.Of(meters);
        var machine = new SystemMetrics(Path.GetFullPath(folder ?? Environment.CurrentDirectory), time ?? TimeProvider.System);
        AutomationMetricCatalog.SystemCpu.ObserveGauge(meter, machine.ProcessorPercent);
        AutomationMetricCatalog.SystemMemory.ObserveGauge(meter, ProcMachine.MemoryPercent);
        AutomationMetricCatalog.SystemDisk.ObserveGauge(meter, machine.DiskPercent);
    }

    // Two scrapes at nearly the same time would measure next to nothing: the second shows what the first did.
    private double? ProcessorPercent()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (_processors is null || _time.GetElapsedTime(_readAt, now) >= ShortestSpan)
            {
                var read = ProcMachine.Processors();
                _percent = _processors is { } earlier ? read?.PercentSince(earlier) ?? _percent : null;
                _processors = read;
                _readAt = now;
            }

            return _percent;
        }
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
