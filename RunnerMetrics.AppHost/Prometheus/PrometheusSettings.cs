using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>What Prometheus is given, as in deploy/compose/monitoring.yml: a test compares the two.</summary>
internal static class PrometheusSettings
{
    public const int Port = 9090;
    public const string DataFolder = "/prometheus";

    public static readonly string[] Arguments =
    [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--storage.tsdb.retention.time=30d",
        "--enable-feature=exemplar-storage",
        "--web.enable-lifecycle",
    ];

    public static readonly RepositoryMount[] Mounts =
    [
        new("dashboards/prometheus/prometheus.yml", "/etc/prometheus/prometheus.yml"),
        new("dashboards/prometheus/rules", "/etc/prometheus/rules"),
    ];
}
