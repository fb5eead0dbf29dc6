using System.Globalization;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>What node_exporter and cAdvisor would say of one machine with two runner containers: names and labels as theirs, values made up.</summary>
internal static class MachineSamples
{
    private const string Node = "job=\"node\",instance=\"node-exporter:9100\"";
    private const string Cadvisor = "job=\"cadvisor\",instance=\"cadvisor:8080\"";
    private static readonly string[] Containers = ["runner-standard-1", "runner-chrome-1"];

    /// <summary>The samples of one scrape.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="at">When.</param>
    /// <param name="since">Since when counters count.</param>
    public static void Write(TextWriter output, DateTimeOffset at, DateTimeOffset since)
    {
        var seconds = (at - since).TotalSeconds;
        Line($"node_uname_info{{{Node},nodename=\"host-1\"}} 1");
        for (var core = 0; core < 4; core++)
        {
            Line($"node_cpu_seconds_total{{{Node},cpu=\"{core}\",mode=\"idle\"}} {seconds * 0.75}");
            Line($"node_cpu_seconds_total{{{Node},cpu=\"{core}\",mode=\"user\"}} {seconds * 0.25}");
        }

        Line($"node_memory_MemTotal_bytes{{{Node}}} 16000000000");
        Line($"node_memory_MemAvailable_bytes{{{Node}}} 6000000000");
        Line($"node_filesystem_size_bytes{{{Node},mountpoint=\"/\",fstype=\"ext4\"}} 100000000000");
        Line($"node_filesystem_avail_bytes{{{Node},mountpoint=\"/\",fstype=\"ext4\"}} {60_000_000_000 - (seconds * 100_000)}");
        Line($"node_load5{{{Node}}} 1.5");
        Line($"node_disk_read_bytes_total{{{Node},device=\"sda\"}} {seconds * 10_000}");
        Line($"node_disk_written_bytes_total{{{Node},device=\"sda\"}} {seconds * 50_000}");
        Line($"node_network_receive_bytes_total{{{Node},device=\"eth0\"}} {seconds * 80_000}");
        Line($"node_network_transmit_bytes_total{{{Node},device=\"eth0\"}} {seconds * 20_000}");
        Line($"node_vmstat_oom_kill{{{Node}}} 0");
        foreach (var name in Containers)
        {
            var container = $"{Cadvisor},name=\"{name}\",id=\"/docker/{name}\"";
            Line($"container_last_seen{{{container}}} {at.ToUnixTimeSeconds()}");
            Line($"container_cpu_usage_seconds_total{{{container},cpu=\"total\"}} {seconds * 0.4}");
            Line($"container_cpu_cfs_periods_total{{{container}}} {seconds * 10}");
            Line($"container_cpu_cfs_throttled_periods_total{{{container}}} {seconds * 0.5}");
            Line($"container_memory_working_set_bytes{{{container}}} 1500000000");
            Line($"container_spec_memory_limit_bytes{{{container}}} 4000000000");
            Line($"container_oom_events_total{{{container}}} 0");
            Line($"container_network_receive_bytes_total{{{container},interface=\"eth0\"}} {seconds * 30_000}");
            Line($"container_network_transmit_bytes_total{{{container},interface=\"eth0\"}} {seconds * 9_000}");
        }

        void Line(FormattableString sample) => output.Write(string.Create(CultureInfo.InvariantCulture, $"{sample.ToString(CultureInfo.InvariantCulture)} {at.ToUnixTimeSeconds()}\n"));
    }
}
