using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.AutomationShared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>Whether all of the automation platform is well: its components, their processes, the bridge between them, and the machine.</summary>
internal static class SystemHealth
{
    // process_* and up are everybody's; a process that tells of its machine by this name is one of ours.
    private const string Ours = $"and on (job, instance) system_memory_percent{{{Chosen}}}";

    // Down as well: a process that is gone has no metrics, but those of its job have been seen.
    private const string Targets = $"up{{{Chosen}}} and on (job) group by (job) (last_over_time(system_memory_percent{{{Chosen}}}[1d]))";

    public static Dashboard Dashboard { get; } = new(
        "system-health",
        "Automation: system health",
        "The health of the automation platform: its components, their processes, the bridge to asynchronous code, and the machine. Start here; the other dashboards have the details.",
        "now-6h",
        Processes("system_memory_percent"),
        [
            new Row("Components", Scraped(), Watchers(), SinceTheLastAudit(), Pending(), FailedCalls()),
            new Row("Each process", Table()),
            new Row("Errors", Errors(), Restarts()),
            new Row("The machine", Cpu(), Memory(), Disk()),
            new Row("The processes", ProcessCpu(), ProcessMemory(), Growth(), OpenFiles(), Threads()),
            new Row("The bridge to asynchronous code", Calls(), Trouble(), Load(), Durations()),
        ])
    {
        Family = DashboardFamily.Automation,
    };

    private static Panel Scraped() => new(
        PanelType.Stat, "Processes", "Targets of the scrape jobs that serve the platform's metrics: those that Prometheus can scrape, and those that it cannot.",
        "short", 5, new Query($"sum({Targets})", "up"), new Query($"sum(1 - ({Targets}))", "down"))
    {
        Height = 7,
        Series = [new("up", "green"), new("down") { Thresholds = [new("green"), new("red", 1)] }],
    };

    private static Panel Watchers() => new(
        PanelType.Stat, "Test watchers", "Processes whose test watcher is running, and those where it is stopped.",
        "short", 5, new Query($"sum(test_watcher_is_running{{{Chosen}}})", "running"), new Query($"sum(1 - test_watcher_is_running{{{Chosen}}})", "stopped"))
    {
        NoValue = "no watcher",
        Height = 7,
        Series = [new("running", "green"), new("stopped") { Thresholds = [new("green"), new("red", 1)] }],
    };

    private static Panel SinceTheLastAudit() => new(
        PanelType.Stat, "Since the last audit", "Time since the last audit ended; the longest of all processes. Red is the alert's threshold.",
        "s", 4, new Query($"time() - min(audit_agent_last_run_timestamp_seconds{{{Chosen}}})", "age"))
    {
        NoValue = "no audit has ended",
        Height = 7,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 3 * 3600), new("red", 6 * 3600)],
    };

    private static Panel Pending() => new(
        PanelType.Stat, "Calls on the bridge", "Calls from synchronous into asynchronous code that wait for a slot or run now.",
        "short", 4, new Query($"sum(safe_async_bridge_pending_tasks{{{Chosen}}})", "calls"))
    {
        NoValue = "no bridge",
        Height = 7,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 16), new("red", 64)],
    };

    private static Panel FailedCalls() => new(
        PanelType.Stat, "API calls that failed", "Errors and time-outs, of all calls in the selected range except those that their callers cancelled.",
        "percentunit", 6,
        [.. Apis.Select(api => new Query(Share($"{api}_api_calls_total{{{Chosen},status=~\"error|timeout\"}}", $"{api}_api_calls_total{{{Chosen},status!=\"cancelled\"}}"), api))])
    {
        NoValue = "no calls",
        Height = 7,
        Decimals = 1,
        Thresholds = Shared.LessIsBetter,
    };

    private static Panel Table() => new(
        PanelType.Table, "Each process", "Each process and its state. Last audit: how long ago it ended. An empty cell: the process has no such component, or nothing was measured.",
        "short", 24,
        new Query($"max by (job, instance) ({Targets})", "Scraped") { Mappings = [new("1", "yes", "green"), new("0", "no", "red")] },
        new Query($"max by (job, instance) (test_watcher_is_running{{{Chosen}}})", "Watcher") { Mappings = [new("1", "running", "green"), new("0", "stopped", "red")] },
        new Query($"time() - max by (job, instance) (audit_agent_last_run_timestamp_seconds{{{Chosen}}})", "Last audit") { Unit = "s", Decimals = 0 },
        new Query($"max by (job, instance) (audit_agent_coverage_percent{{{Chosen}}})", "Coverage") { Unit = "percent", Decimals = 1 },
        new Query($"time() - max by (job, instance) (process_start_time_seconds{{{Chosen}}} {Ours})", "Uptime") { Unit = "s", Decimals = 0 },
        new Query($"max by (job, instance) (process_resident_memory_bytes{{{Chosen}}} {Ours})", "Memory") { Unit = "bytes" },
        new Query($"max by (job, instance) (rate(process_cpu_seconds_total{{{Chosen}}}[$__rate_interval]) {Ours})", "Cores") { Decimals = 2 })
    {
        SortedBy = "Memory",
        CellLinks = Links.ProcessCells,
    };

    private static Panel Errors() => new(
        PanelType.Bars, "Errors by component", "Errors of the components themselves, in the five minutes before each moment; failing tests and timed-out calls are not included.",
        "short", 16,
        new Query(Growing("test_watcher_errors_total", "5m"), "test watcher"),
        new Query(Growing("audit_agent_errors_total", "5m"), "audit agent"),
        new Query(Growing("safe_async_bridge_errors_total", "5m"), "bridge"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel Restarts() => new(
        PanelType.BarGauge, "Restarts", "How often each process restarted in the selected range; the ten with the most restarts.",
        "short", 8, new Query($"topk(10, max by (instance) (changes(process_start_time_seconds{{{Chosen}}}[$__range]) {Ours}))", "{{instance}}"))
    {
        Min = 0,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 1), new("red", 4)],
    };

    private static Panel Cpu() => Percent("Processors", "Use of all the machine's processors; the ten busiest machines at the end.", "system_cpu_percent");

    private static Panel Memory() => Percent("Memory", "Machine memory that is not available; the ten fullest at the end.", "system_memory_percent");

    private static Panel Disk() => new(
        PanelType.BarGauge, "Disk", "Use of the disk that holds the working folder; the ten fullest.",
        "percent", 8, new Query($"topk(10, max by (instance) (system_disk_percent{{{Chosen}}}))", "{{instance}}"))
    {
        Min = 0,
        Max = 100,
        Decimals = 0,
        Thresholds = PercentFull,
    };

    private static Panel ProcessCpu() => new(
        PanelType.TimeSeries, "Processor by process", "Cores in use by the process itself; test commands are separate processes. The ten with the highest use at the end.",
        "short", 8, Shared.Top("instance", $"max by (instance) (rate(process_cpu_seconds_total{{{Chosen}}}[$__rate_interval]AT) and on (job, instance) system_memory_percent{{{Chosen}}}AT)"))
    {
        Min = 0,
        Thresholds = [new("transparent"), new("red", 0.9)],
    };

    private static Panel ProcessMemory() => new(
        PanelType.TimeSeries, "Memory by process", "Resident memory; the ten processes with the most at the end.",
        "bytes", 8, Shared.Top("instance", $"max by (instance) (max by (job, instance) (process_resident_memory_bytes{{{Chosen}}}AT) and on (job, instance) system_memory_percent{{{Chosen}}}AT)"))
    {
        Min = 0,
    };

    private static Panel Growth() => new(
        PanelType.TimeSeries, "Growth of memory", "The slope of resident memory over an hour. Around 0 is healthy; above 0 for hours is a leak. The ten that grew most at the end.",
        "Bps", 8, Shared.Top("instance", $"max by (instance) (deriv(process_resident_memory_bytes{{{Chosen}}}[1h]AT) and on (job, instance) system_memory_percent{{{Chosen}}}AT)"));

    private static Panel OpenFiles() => new(
        PanelType.BarGauge, "Open files", "Open file descriptors, of the limit; the ten processes nearest to it.",
        "percentunit", 12, new Query($"topk(10, max by (instance) (process_open_fds{{{Chosen}}} / process_max_fds{{{Chosen}}} {Ours}))", "{{instance}}"))
    {
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = Shared.Fullness,
    };

    private static Panel Threads() => new(
        PanelType.TimeSeries, "Threads", "Threads of the process, those of its pool and of its runtime included. A number that only grows is of threads that wait for something. The ten processes with the most at the end.",
        "short", 12, Shared.Top("instance", $"max by (instance) (max by (job, instance) (process_threads{{{Chosen}}}AT) and on (job, instance) system_memory_percent{{{Chosen}}}AT)"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Calls() => new(
        PanelType.Bars, "Calls over the bridge", "Calls that started in the five minutes before each moment, with any status.",
        "short", 6, new Query(Growing("safe_async_bridge_calls_total", "5m"), "calls"))
    {
        NoValue = "no bridge",
        Min = 0,
        Decimals = 0,
    };

    private static Panel Trouble() => new(
        PanelType.TimeSeries, "Calls that went wrong", "Calls that timed out or ended in an exception, of all calls in the quarter of an hour before each moment. The line is the threshold of the time-out alert.",
        "percentunit", 6,
        new Query(Part("safe_async_bridge_timeouts_total"), "time-outs"),
        new Query(Part("safe_async_bridge_errors_total"), "errors"))
    {
        NoValue = "no calls",
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.05)],
    };

    private static Panel Load() => new(
        PanelType.TimeSeries, "Work on the bridge", "Calls that wait for a slot or run, and the threads that run them. If the number of calls keeps growing, some calls do not end.",
        "short", 6,
        new Query($"sum(safe_async_bridge_pending_tasks{{{Chosen}}})", "calls"),
        new Query($"sum(safe_async_bridge_active_loops{{{Chosen}}})", "loops"))
    {
        NoValue = "no bridge",
        Min = 0,
        Decimals = 0,
        Series = [new("loops", "#8e8e8e")],
    };

    private static Panel Durations() => new(
        PanelType.TimeSeries, "Calls over the bridge take", "From start to end, without the wait for a slot: the median and the 95th percentile of the quarter of an hour before each moment.",
        "s", 6, Percentiles("safe_async_bridge_execution_duration_seconds", "15m"))
    {
        NoValue = "no calls",
        Min = 0,
    };

    private static Panel Percent(string title, string description, string gauge) => new(
        PanelType.TimeSeries, title, description, "percent", 8, Shared.Top("instance", $"max by (instance) ({gauge}{{{Chosen}}}AT)"))
    {
        Min = 0,
        Max = 100,
        Decimals = 0,
        Thresholds = [new("transparent"), new("red", 90)],
    };

    private static string Part(string counter) =>
        Shared.Ratio($"increase({counter}{{{Chosen}}}[15m])", $"increase(safe_async_bridge_calls_total{{{Chosen}}}[15m])");
}
