namespace RunnerMetrics.Metrics;

/// <summary>
/// The standard process family (the names that Prometheus's client libraries share) and .NET's own metrics, for all our processes.
/// </summary>
public static class ProcessMetricCatalog
{
    /// <summary>CPU time spent.</summary>
    public static MetricDescriptor Cpu { get; } = Counter("process_cpu_seconds_total", "User and system CPU time spent, in seconds.");

    /// <summary>Resident memory.</summary>
    public static MetricDescriptor Resident { get; } = Gauge("process_resident_memory_bytes", "Resident memory size in bytes.");

    /// <summary>Virtual memory.</summary>
    public static MetricDescriptor Virtual { get; } = Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");

    /// <summary>When the process started.</summary>
    public static MetricDescriptor StartTime { get; } = Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");

    /// <summary>Open file descriptors.</summary>
    public static MetricDescriptor OpenFiles { get; } = Gauge("process_open_fds", "Open file descriptors.");

    /// <summary>The limit of open file descriptors.</summary>
    public static MetricDescriptor MaxFiles { get; } = Gauge("process_max_fds", "The maximum number of open file descriptors.");

    /// <summary>Threads of the operating system.</summary>
    public static MetricDescriptor Threads { get; } = Gauge("process_threads", "Threads of the process, those of the runtime included.");

    /// <summary>The managed heap.</summary>
    public static MetricDescriptor Heap { get; } = Gauge("dotnet_gc_heap_size_bytes", "The managed heap after the last collection, in bytes.");

    /// <summary>Bytes ever allocated.</summary>
    public static MetricDescriptor Allocated { get; } = Counter("dotnet_gc_allocated_bytes_total", "Bytes ever allocated on the managed heap.");

    /// <summary>Garbage collections.</summary>
    public static MetricDescriptor Collections { get; } =
        new("dotnet_gc_collections_total", MetricType.Counter, ["generation"], "Garbage collections, by generation.");

    /// <summary>Time paused by garbage collections.</summary>
    public static MetricDescriptor Paused { get; } = Counter("dotnet_gc_pause_seconds_total", "Time that garbage collections stopped the process, in seconds.");

    /// <summary>Threads of the pool.</summary>
    public static MetricDescriptor PoolThreads { get; } = Gauge("dotnet_threadpool_threads", "Threads of the thread pool.");

    /// <summary>Work that waits for the pool.</summary>
    public static MetricDescriptor PoolQueue { get; } = Gauge("dotnet_threadpool_queue_length", "Work items that wait for a thread of the pool.");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<MetricDescriptor> All { get; } =
        [Cpu, Resident, Virtual, StartTime, OpenFiles, MaxFiles, Threads, Heap, Allocated, Collections, Paused, PoolThreads, PoolQueue];

    private static MetricDescriptor Gauge(string name, string help) => new(name, MetricType.Gauge, [], help);

    private static MetricDescriptor Counter(string name, string help) => new(name, MetricType.Counter, [], help);
}
