namespace RunnerMetrics.AppHost.Machine;

/// <summary>Adds what measures the machine and its containers. Nothing waits for it: it is no part of what is shown of runners, and not every engine lets it run.</summary>
internal static class MachineBuilderExtensions
{
    /// <summary>Adds node_exporter.</summary>
    public static IResourceBuilder<ContainerResource> AddNodeExporter(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddContainer(name, ImageTags.NodeExporter, ImageTags.NodeExporterTag)
            .WithArgs(MachineSettings.NodeExporterArguments)
            .WithContainerRuntimeArgs(MachineSettings.NodeExporterRun)
            .WithHttpEndpoint(name: "http", targetPort: MachineSettings.NodeExporterPort)
            .WithHttpHealthCheck("/", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithIconName("Server");

    /// <summary>Adds cAdvisor.</summary>
    public static IResourceBuilder<ContainerResource> AddCadvisor(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddContainer(name, ImageTags.Cadvisor, ImageTags.CadvisorTag)
            .WithArgs(MachineSettings.CadvisorArguments)
            .WithContainerRuntimeArgs(MachineSettings.CadvisorRun)
            .WithHttpEndpoint(name: "http", targetPort: MachineSettings.CadvisorPort)
            .WithHttpHealthCheck("/healthz", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithIconName("ServerMultiple");
}
