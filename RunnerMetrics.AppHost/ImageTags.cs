namespace RunnerMetrics.AppHost;

/// <summary>
/// Every image that the stack pulls, and its tag. deploy/compose/monitoring.yml has the same ones, and a test compares the two. What is built from this repository has no tag here.
/// </summary>
internal static class ImageTags
{
    public const string Prometheus = "prom/prometheus";
    public const string PrometheusTag = "v3.14.0";

    public const string Alertmanager = "prom/alertmanager";
    public const string AlertmanagerTag = "v0.34.0";

    public const string Grafana = "grafana/grafana";
    public const string GrafanaTag = "13.2.3";

    public const string NodeExporter = "prom/node-exporter";
    public const string NodeExporterTag = "v1.12.1";

    public const string Cadvisor = "ghcr.io/google/cadvisor";
    public const string CadvisorTag = "0.60.5";
}
