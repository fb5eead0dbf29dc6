using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Machine;

/// <summary>
/// The process's own metrics, read at each scrape, under the names that Prometheus's client libraries share, and .NET's; the exporter has the same.
/// What the platform does not tell is absent.
/// </summary>
public static class ProcessMetrics
{
    private static readonly AutomationMetric Collections =
        new("dotnet_gc_collections_total", AutomationMetricType.Counter, ["generation"], "Garbage collections, by generation.");

    /// <summary>Adds the process's counters and gauges.</summary>
    /// <param name="meters">Makes them.</param>
    public static void AddTo(IMeterFactory meters)
    {
        var meter = AutomationMeter.Of(meters);
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        var maxFiles = MaxOpenFiles();
        Counter("process_cpu_seconds_total", "User and system CPU time spent, in seconds.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        Gauge("process_resident_memory_bytes", "Resident memory size in bytes.", () => Environment.WorkingSet);
        Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", VirtualMemory);
        Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", () => started);
        Gauge("process_open_fds", "Open file descriptors.", OpenFiles);
        Gauge("process_max_fds", "The maximum number of open file descriptors.", () => maxFiles);
        Gauge("process_threads", "Threads of the process, those of the runtime included.", Threads);
        Gauge("dotnet_gc_heap_size_bytes", "The managed heap after the last collection, in bytes.", () => GC.GetTotalMemory(forceFullCollection: false));
        Counter("dotnet_gc_allocated_bytes_total", "Bytes ever allocated on the managed heap.", () => GC.GetTotalAllocatedBytes());
        meter.CreateObservableCounter<long>(Collections.Name, CountCollections, Collections.Unit, Collections.Help);
        Counter("dotnet_gc_pause_seconds_total", "Time that garbage collections stopped the process, in seconds.", () => GC.GetTotalPauseDuration().TotalSeconds);
        Gauge("dotnet_threadpool_threads", "Threads of the thread pool.", () => ThreadPool.ThreadCount);
        Gauge("dotnet_threadpool_queue_length", "Work items that wait for a thread of the pool.", () => ThreadPool.PendingWorkItemCount);

        void Counter(string name, string help, Func<double?> read) => new AutomationMetric(name, AutomationMetricType.Counter, [], help).ObserveCounter(meter, read);

        void Gauge(string name, string help, Func<double?> read) => new AutomationMetric(name, AutomationMetricType.Gauge, [], help).ObserveGauge(meter, read);
    }

    // The runtime counts an older generation's collections as the younger ones' too.
    private static IEnumerable<Measurement<long>> CountCollections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            var older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            yield return new(GC.CollectionCount(generation) - older, new KeyValuePair<string, object?>("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static double? VirtualMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.VirtualMemorySize64;
    }

    private static double? OpenFiles() => Read(static () => (double?)Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());

    private static double? Threads() => Read(static () => (double?)Directory.EnumerateFileSystemEntries("/proc/self/task").Count());

    // One real line: Max open files            1048576              1048576              files
    private static double? MaxOpenFiles() => Read(static () =>
    {
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return double.TryParse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3), NumberStyles.None, CultureInfo.InvariantCulture, out var soft) ? soft : (double?)null;
    });

    // Only Linux tells in /proc.
    private static double? Read(Func<double?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
