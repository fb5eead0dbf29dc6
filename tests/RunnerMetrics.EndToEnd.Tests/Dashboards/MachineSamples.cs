using System.Globalization;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>What node_exporter and cAdvisor would say of two machines with runners in containers: names and labels as theirs, values made up after the jobs that run.</summary>
internal sealed class MachineSamples
{
    private const string Cadvisor = "job=\"cadvisor\",instance=\"cadvisor:8080\"";
    private const double Cores = 4;
    private static readonly string[] Machines = ["host-1:9100", "host-2:9100"];
    private static readonly (string Name, string Type)[] Containers = [("runner-standard-1", "standard"), ("runner-standard-2", "standard"), ("runner-chrome-1", "chrome"), ("runner-chrome-go-1", "chrome-go")];

    private readonly Random _random = new(20261121);
    private readonly Dictionary<string, double> _counters = [];

    /// <summary>The samples of one scrape.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="at">When.</param>
    /// <param name="jobs">The jobs that run.</param>
    public void Write(TextWriter output, DateTimeOffset at, IReadOnlyList<DayJob> jobs)
    {
        var time = at.ToUnixTimeSeconds();
        foreach (var machine in Machines)
        {
            WriteMachine(machine, Math.Min(Cores, 0.2 + ((machine == Machines[0] ? 0.5 : 0.3) * jobs.Count) + (0.3 * _random.NextDouble())));
        }

        foreach (var (name, type) in Containers)
        {
            WriteContainer(name, jobs.Any(job => job.Type == type) ? 0.7 + _random.NextDouble() : 0.02);
        }

        void WriteMachine(string machine, double busy)
        {
            var node = $"job=\"node\",instance=\"{machine}\"";
            Sample($"node_uname_info{{{node},nodename=\"{machine.Split(':')[0]}\"}}", 1);
            for (var core = 0; core < Cores; core++)
            {
                Counter($"node_cpu_seconds_total{{{node},cpu=\"{core}\",mode=\"idle\"}}", 1 - (busy / Cores));
                Counter($"node_cpu_seconds_total{{{node},cpu=\"{core}\",mode=\"user\"}}", busy / Cores);
            }

            Sample($"node_memory_MemTotal_bytes{{{node}}}", 16e9);
            Sample($"node_memory_MemAvailable_bytes{{{node}}}", 14e9 - (2.4e9 * busy));
            Sample($"node_filesystem_size_bytes{{{node},mountpoint=\"/\",fstype=\"ext4\"}}", 100e9);
            Sample($"node_filesystem_avail_bytes{{{node},mountpoint=\"/\",fstype=\"ext4\"}}", (machine == Machines[0] ? 60e9 : 20e9) - _counters.GetValueOrDefault($"node_disk_written_bytes_total{{{node},device=\"sda\"}}"));
            Sample($"node_load5{{{node}}}", busy * 1.1);
            Counter($"node_disk_read_bytes_total{{{node},device=\"sda\"}}", 30e3 * busy);
            Counter($"node_disk_written_bytes_total{{{node},device=\"sda\"}}", 90e3 * busy);
            Counter($"node_network_receive_bytes_total{{{node},device=\"eth0\"}}", 1.5e6 * busy);
            Counter($"node_network_transmit_bytes_total{{{node},device=\"eth0\"}}", 0.2e6 * busy);
            Sample($"node_vmstat_oom_kill{{{node}}}", 0);
        }

        void WriteContainer(string name, double busy)
        {
            var container = $"{Cadvisor},name=\"{name}\",id=\"/docker/{name}\"";
            Sample($"container_last_seen{{{container}}}", time);
            Counter($"container_cpu_usage_seconds_total{{{container},cpu=\"total\"}}", busy);
            Counter($"container_cpu_cfs_periods_total{{{container}}}", 10);
            Counter($"container_cpu_cfs_throttled_periods_total{{{container}}}", Math.Max(0, busy - 1.2) * 4);
            Sample($"container_memory_working_set_bytes{{{container}}}", 0.3e9 + (1.6e9 * busy));
            Sample($"container_spec_memory_limit_bytes{{{container}}}", 4e9);
            Sample($"container_oom_events_total{{{container}}}", 0);
            Counter($"container_network_receive_bytes_total{{{container},interface=\"eth0\"}}", 0.6e6 * busy);
            Counter($"container_network_transmit_bytes_total{{{container},interface=\"eth0\"}}", 0.1e6 * busy);
        }

        void Counter(string series, double perSecond)
        {
            _counters[series] = _counters.GetValueOrDefault(series) + (perSecond * SimulatedDay.Step.TotalSeconds);
            Sample(series, _counters[series]);
        }

        void Sample(string series, double value) => output.Write(string.Create(CultureInfo.InvariantCulture, $"{series} {value} {time}\n"));
    }
}
