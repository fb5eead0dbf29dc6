using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>Adds Prometheus.</summary>
internal static class PrometheusBuilderExtensions
{
    /// <summary>Adds a Prometheus with this repository's configuration: it scrapes the exporter, itself, node_exporter and cAdvisor by their names.</summary>
    public static IResourceBuilder<ContainerResource> AddPrometheus(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddContainer(name, ImageTags.Prometheus, ImageTags.PrometheusTag)
            .WithArgs(PrometheusSettings.Arguments)
            .WithRepositoryMounts(PrometheusSettings.Mounts)
            .WithKeptFolder(PrometheusSettings.DataFolder)
            .WithHttpEndpoint(name: "http", port: builder.PortOf("Prometheus", PrometheusSettings.Port), targetPort: PrometheusSettings.Port)
            .WithHttpHealthCheck("/-/ready", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
            .WithIconName("DatabaseLightning");
}
