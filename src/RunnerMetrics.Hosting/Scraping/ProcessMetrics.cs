using System.Globalization;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Hosting.Scraping;

/// <summary>The process's own metrics, read at each scrape; what the platform does not tell is absent.</summary>
public sealed class ProcessMetrics
{
    private readonly Counter _cpu;
    private readonly Gauge _resident;
    private readonly Gauge _virtual;
    private readonly Gauge _openFiles;
    private readonly Gauge _threads;
    private readonly Gauge _heap;
    private readonly Counter _allocated;
    private readonly Counter[] _collections;
    private readonly Counter _paused;
    private readonly Gauge _poolThreads;
    private readonly Gauge _poolQueue;

    private ProcessMetrics(MetricRegistry registry)
    {
        _cpu = registry.Add(ProcessMetricCatalog.Cpu).AddCounter(Labels.None);
        _resident = registry.Add(ProcessMetricCatalog.Resident).AddGauge(Labels.None);
        _virtual = registry.Add(ProcessMetricCatalog.Virtual).AddGauge(Labels.None);
        var started = registry.Add(ProcessMetricCatalog.StartTime).AddGauge(Labels.None);
        _openFiles = registry.Add(ProcessMetricCatalog.OpenFiles).AddGauge(Labels.None);
        var maxFiles = registry.Add(ProcessMetricCatalog.MaxFiles).AddGauge(Labels.None);
        _threads = registry.Add(ProcessMetricCatalog.Threads).AddGauge(Labels.None);
        _heap = registry.Add(ProcessMetricCatalog.Heap).AddGauge(Labels.None);
        _allocated = registry.Add(ProcessMetricCatalog.Allocated).AddCounter(Labels.None);
        var collections = registry.Add(ProcessMetricCatalog.Collections);
        _collections = [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
            collections.AddCounter(Labels.Of(("generation", generation.ToString(CultureInfo.InvariantCulture)))))];
        _paused = registry.Add(ProcessMetricCatalog.Paused).AddCounter(Labels.None);
        _poolThreads = registry.Add(ProcessMetricCatalog.PoolThreads).AddGauge(Labels.None);
        _poolQueue = registry.Add(ProcessMetricCatalog.PoolQueue).AddGauge(Labels.None);

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        started.Set(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        maxFiles.Set(ProcFileSystem.MaxOpenFiles());
    }

    /// <summary>Adds the families to a registry, and what keeps them up to date; a second time, nothing.</summary>
    public static void AddTo(MetricRegistry registry) => registry.Share("process", static registry =>
    {
        var metrics = new ProcessMetrics(registry);
        registry.AddCollector(metrics.Collect);
        return metrics;
    });

    /// <summary>The process's resident memory, in bytes.</summary>
    public static long ResidentMemory() => ProcFileSystem.Memory()?.Resident ?? Environment.WorkingSet;

    /// <summary>How many files and connections the process may open beside those that are open (RLIMIT_NOFILE, the soft limit); null if the platform does not say.</summary>
    public static double? FreeFiles() => ProcFileSystem.MaxOpenFiles() - ProcFileSystem.OpenFiles();

    private void Collect()
    {
        _cpu.AdvanceTo(Environment.CpuUsage.TotalTime.TotalSeconds);
        var memory = ProcFileSystem.Memory();
        _resident.Set(memory?.Resident ?? Environment.WorkingSet);
        _virtual.Set(memory?.Virtual);
        _openFiles.Set(ProcFileSystem.OpenFiles());
        _threads.Set(ProcFileSystem.Threads());
        _heap.Set(GC.GetTotalMemory(forceFullCollection: false));
        _allocated.AdvanceTo(GC.GetTotalAllocatedBytes());
        for (var generation = 0; generation < _collections.Length; generation++)
        {
            // The runtime counts an older generation's collections as the younger ones' too.
            var older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            _collections[generation].AdvanceTo(GC.CollectionCount(generation) - older);
        }

        _paused.AdvanceTo(GC.GetTotalPauseDuration().TotalSeconds);
        _poolThreads.Set(ThreadPool.ThreadCount);
        _poolQueue.Set(ThreadPool.PendingWorkItemCount);
    }
}
