using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What machines and containers do, beside the jobs that ran on them: node_exporter's and cAdvisor's series, and ours.</summary>
internal static class ResourceUtilization
{
    private const string Host = "instance=~\"$machine\"";
    private const string Container = "name=~\"$container\",name!=\"\"";
    private const string Disk = Host + ",fstype!~\"tmpfs|ramfs|overlay|squashfs\"";

    public static Dashboard Dashboard { get; } = new(
        "resource-utilization",
        "GitHub runners: resources",
        "CPU, memory, disk and network of the runners' machines and containers, on the same time axis as the jobs. Needs node_exporter and cAdvisor.",
        "now-6h",
        [
            .. RunnerVariables,
            new Variable("machine", "Machine", "node_uname_info") { SourceLabel = "instance" },
            new Variable("container", "Container", "container_last_seen{name!=\"\"}") { SourceLabel = "name" },
        ],
        [
            new Row("The load: jobs", Busy(), Started()),
            new Row("Machines (node_exporter)", Cpu(), Memory(), DiskFull(), Load(), DiskTraffic(), Network()),
            new Row("Containers (cAdvisor)", ContainerCpu(), ContainerMemory(), MemoryLimit(), Throttled(), OutOfMemory(), ContainerNetwork()),
            new Row("The exporter's own process", OwnCpu(), OwnMemory(), OwnScrape()),
        ]);

    private static Panel Busy() => new(
        PanelType.TimeSeries, "Busy runners", "Running jobs, by runner type: the cause of the load below. The name filter does not apply here.",
        "short", 12, new Query($"sum by (runner_type) (github_runners{{{ChosenType},state=\"busy\"}})", "{{runner_type}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel Started() => new(
        PanelType.Bars, "Jobs that ended", "In the five minutes before each moment, by status. Failures that coincide with full memory or disks are caused by the machine.",
        "short", 12, new Query($"sum by (status) ({JobsIn("5m")})", "{{status}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel Cpu() => new(
        PanelType.TimeSeries, "Processor", "Use of all cores; the ten busiest machines at the end.",
        "percentunit", 8, Top("instance", $"1 - avg by (instance) (rate(node_cpu_seconds_total{{{Host},mode=\"idle\"}}[$__rate_interval]AT))"))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.9)],
    };

    private static Panel Memory() => new(
        PanelType.TimeSeries, "Memory", "Memory that is not available to a new process; the ten fullest machines at the end.",
        "percentunit", 8, Top("instance", $"1 - max by (instance) (node_memory_MemAvailable_bytes{{{Host}}}AT) / max by (instance) (node_memory_MemTotal_bytes{{{Host}}}AT)"))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.9)],
    };

    private static Panel DiskFull() => new(
        PanelType.BarGauge, "Disks", "The ten fullest file systems. On a full disk jobs fail.",
        "percentunit", 8, new Query($"topk(10, 1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{{{Disk}}}) / max by (instance, mountpoint) (node_filesystem_size_bytes{{{Disk}}}))", "{{instance}} {{mountpoint}}"))
    {
        Min = 0,
        Max = 1,
        Decimals = 0,
        Thresholds = Fullness,
    };

    private static Panel Load() => new(
        PanelType.TimeSeries, "Load per core", "Over five minutes. Above 1, processes wait for a core; the ten highest at the end.",
        "short", 8, Top("instance", $"max by (instance) (node_load5{{{Host}}}AT) / count by (instance) (node_cpu_seconds_total{{{Host},mode=\"idle\"}}AT)"))
    {
        Min = 0,
        Decimals = 2,
        Thresholds = [new("transparent"), new("red", 1)],
    };

    private static Panel DiskTraffic() => new(
        PanelType.TimeSeries, "Disk traffic", "Read and written, over the selected machines.",
        "Bps", 8,
        new Query($"sum(rate(node_disk_read_bytes_total{{{Host}}}[$__rate_interval]))", "read"),
        new Query($"sum(rate(node_disk_written_bytes_total{{{Host}}}[$__rate_interval]))", "written"));

    private static Panel Network() => new(
        PanelType.TimeSeries, "Network", "Received and sent, over the selected machines, without loopback and container interfaces.",
        "Bps", 8,
        new Query($"sum(rate(node_network_receive_bytes_total{{{Host},device!~\"lo|veth.+|docker.+|br-.+\"}}[$__rate_interval]))", "received"),
        new Query($"sum(rate(node_network_transmit_bytes_total{{{Host},device!~\"lo|veth.+|docker.+|br-.+\"}}[$__rate_interval]))", "sent"));

    private static Panel ContainerCpu() => new(
        PanelType.TimeSeries, "Processor by container", "Cores in use; the ten containers with the highest use at the end.",
        "short", 8, Top("name", $"sum by (name) (rate(container_cpu_usage_seconds_total{{{Container}}}[$__rate_interval]AT))"))
    {
        Min = 0,
        Decimals = 2,
    };

    private static Panel ContainerMemory() => new(
        PanelType.TimeSeries, "Memory by container", "The working set: memory that cannot be reclaimed; the ten with the most at the end.",
        "bytes", 8, Top("name", $"max by (name) (container_memory_working_set_bytes{{{Container}}}AT)"))
    {
        Min = 0,
    };

    private static Panel MemoryLimit() => new(
        PanelType.BarGauge, "Memory, of the limit", "The ten containers nearest to their limit. At the limit the kernel kills a process, and the job fails without a reason in its log.",
        "percentunit", 8,
        new Query($"topk(10, max by (name) (container_memory_working_set_bytes{{{Container}}}) / (max by (name) (container_spec_memory_limit_bytes{{{Container}}}) > 0))", "{{name}}"))
    {
        NoValue = "no limit is set, or not measured",
        Min = 0,
        Max = 1,
        Decimals = 0,
        Thresholds = Fullness,
    };

    private static Panel Throttled() => new(
        PanelType.TimeSeries, "Held back by the processor limit", "The share of scheduling periods in which a container had used up its CPU quota; the ten highest at the end.",
        "percentunit", 8,
        Top("name", $"sum by (name) (rate(container_cpu_cfs_throttled_periods_total{{{Container}}}[$__rate_interval]AT)) / (sum by (name) (rate(container_cpu_cfs_periods_total{{{Container}}}[$__rate_interval]AT)) > 0)"))
    {
        NoValue = "no limit is set, or not measured",
        Min = 0,
        Max = 1,
    };

    private static Panel OutOfMemory() => new(
        PanelType.Stat, "Killed: out of memory", "Processes killed in the selected range, on machines and in containers.",
        "short", 8,
        new Query($"sum(increase(node_vmstat_oom_kill{{{Host}}}[$__range]))", "on machines"),
        new Query($"sum(increase(container_oom_events_total{{{Container}}}[$__range]))", "in containers"))
    {
        Decimals = 0,
        Thresholds = [new("green"), new("red", 1)],
    };

    private static Panel ContainerNetwork() => new(
        PanelType.TimeSeries, "Network of containers", "Received and sent, over the selected containers: checkouts, caches and artefacts.",
        "Bps", 8,
        new Query($"sum(rate(container_network_receive_bytes_total{{{Container}}}[$__rate_interval]))", "received"),
        new Query($"sum(rate(container_network_transmit_bytes_total{{{Container}}}[$__rate_interval]))", "sent"));

    private static Panel OwnCpu() => new(
        PanelType.TimeSeries, "Exporter: processor", "Cores that the exporter uses.",
        "percentunit", 8, new Query("sum by (instance) (rate(process_cpu_seconds_total{" + ChosenExporter + "}[$__rate_interval]) and on (job, instance) runner_metrics_build_info)", "{{instance}}"))
    {
        Min = 0,
        Decimals = 2,
    };

    private static Panel OwnMemory() => new(
        PanelType.TimeSeries, "Exporter: memory", "Memory that the exporter uses.",
        "bytes", 8, new Query("sum by (instance) (process_resident_memory_bytes{" + ChosenExporter + "} and on (job, instance) runner_metrics_build_info)", "{{instance}}"))
    {
        Min = 0,
    };

    private static Panel OwnScrape() => new(
        PanelType.TimeSeries, "Exporter: scrapes", "How long a scrape took, and its size before compression.",
        "s", 8,
        new Query(Ratio($"rate(runner_metrics_scrape_duration_seconds_sum{{{ChosenExporter}}}[$__rate_interval])", $"rate(runner_metrics_scrape_duration_seconds_count{{{ChosenExporter}}}[$__rate_interval])"), "duration"),
        new Query($"sum(runner_metrics_last_scrape_size_bytes{{{ChosenExporter}}})", "size"))
    {
        Min = 0,
        Series = [new("size", "#8e8e8e") { RightAxisUnit = "bytes" }],
    };
}
