using System.Text.RegularExpressions;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Domain;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>Dashboards ask for what there is.</summary>
public partial class DashboardMetricsTests
{
    /// <summary>What Prometheus itself, node_exporter and cAdvisor serve, as far as it is asked for.</summary>
    private static readonly string[] Foreign =
    [
        "ALERTS", "up",
        "node_uname_info", "node_cpu_seconds_total", "node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", "node_filesystem_avail_bytes", "node_filesystem_size_bytes",
        "node_load5", "node_disk_read_bytes_total", "node_disk_written_bytes_total", "node_network_receive_bytes_total", "node_network_transmit_bytes_total", "node_vmstat_oom_kill",
        "container_last_seen", "container_cpu_usage_seconds_total", "container_memory_working_set_bytes", "container_spec_memory_limit_bytes",
        "container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_periods_total", "container_oom_events_total", "container_network_receive_bytes_total",
        "container_network_transmit_bytes_total",
    ];

    private static readonly string[] Apis = ["deepseek", "perplexity"];

    [Fact]
    public void Queries_NameOnlyMetricsThatExist()
    {
        var known = MetricCatalog.All.SelectMany(metric => NamesOf(metric.Name, metric.Type == MetricType.Histogram))
            .Concat(AutomationMetricCatalog.All.Concat(Apis.SelectMany(api => new ApiMetricCatalog(api).All)).SelectMany(metric => NamesOf(metric.Name, metric.Type == AutomationMetricType.Histogram)))
            .Concat(Recorded()).Concat(Foreign).ToHashSet();
        foreach (var query in GrafanaDashboard.All.SelectMany(dashboard => dashboard.Queries))
        {
            Assert.NotEmpty(query.Metrics);
            Assert.All(query.Metrics, name => Assert.True(known.Contains(name), $"There is no metric {name}. {query}"));
        }
    }

    [Fact]
    public void Metrics_OfAQuery_AreFound() => Assert.Equal(
        ["a_total", "b:c", "d"],
        DashboardQuery.MetricsOf("""histogram_quantile(0.5, sum by (x, le) (rate(a_total{l="m{n"}[$__rate_interval] offset 1w))) and on (y) (b:c @ end() > 0) or d"""));

    [Fact]
    public void Metrics_ByAMatcher_AreFound() => Assert.Equal(
        ["a_total", "b_total"], DashboardQuery.OfVariable("a.json", "instance", """label_values({__name__=~"a_total|b_total",job=~"$job"}, instance)""").Metrics);

    private static IEnumerable<string> NamesOf(string name, bool isHistogram) => isHistogram ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];

    private static IEnumerable<string> Recorded() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules"), "*.yml")
            .SelectMany(file => Record().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value));

    [GeneratedRegex(@"- record: (?<name>\S+)")]
    private static partial Regex Record();
}
