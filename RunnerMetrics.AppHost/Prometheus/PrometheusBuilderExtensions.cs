using System.Globalization;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>Adds Prometheus.</summary>
internal static class PrometheusBuilderExtensions
{
    private const string Storage = "--storage.tsdb.path";

    /// <summary>Adds a Prometheus with this repository's configuration: it scrapes the exporter, itself, node_exporter and cAdvisor by their names.</summary>
    public static IResourceBuilder<ContainerResource> AddPrometheusContainer(this StackContext stack, string name) =>
        stack.AddPulledContainer(name, "Prometheus")
            .WithArgs(PrometheusSettings.Arguments)
            .WithRepositoryMounts(PrometheusSettings.Mounts)
            .WithKeptFolder(stack, PrometheusSettings.DataFolder)
            .WithHttpEndpoint(name: "http", port: stack.Settings.PortOf("Prometheus", PrometheusSettings.Port), targetPort: PrometheusSettings.Port)
            .AsPrometheus();

    /// <summary>Adds the Prometheus of this machine, with this repository's jobs and rules.</summary>
    public static IResourceBuilder<ExecutableResource> AddPrometheusProcess(this StackContext stack, string name, PrometheusTargets targets)
    {
        var prometheus = stack.AddLocalProgram(name, stack.Settings.PortOf("Prometheus", PrometheusSettings.Port)).AsPrometheus();
        var own = prometheus.GetEndpoint("http");
        return prometheus
            .WithConfiguration(stack, Storage, PrometheusSettings.Mounts[0], committed =>
            {
                var addresses = new Dictionary<string, string> { ["runner-metrics"] = AddressOf(targets.Exporter), ["prometheus"] = AddressOf(own) };
                if (targets.NodeExporter is { } node)
                {
                    addresses["node"] = AddressOf(node);
                }

                var rules = Path.Combine(Repository.Folder, PrometheusSettings.Mounts[1].Source);
                var alertmanager = targets.Alertmanager is { } receiver ? AddressOf(receiver) : null;
                var files = new Dictionary<string, string> { ["automation"] = targets.AutomationFile };
                return LocalPrometheusConfiguration.Write(committed, rules, alertmanager, addresses, files);
            })
            .WithArgs([.. PrometheusSettings.Arguments.Where(argument => !argument.StartsWith("--config.file", StringComparison.Ordinal) && !argument.StartsWith(Storage, StringComparison.Ordinal))]);
    }

    private static IResourceBuilder<T> AsPrometheus<T>(this IResourceBuilder<T> prometheus)
        where T : IResourceWithEndpoints => prometheus
        .WithHttpHealthCheck("/-/ready", endpointName: "http")
        .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
        .WithIconName("DatabaseLightning");

    internal static string AddressOf(EndpointReference endpoint) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.Port}");
}
