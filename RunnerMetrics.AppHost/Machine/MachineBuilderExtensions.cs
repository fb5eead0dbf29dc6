using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Machine;

/// <summary>Adds what measures the machine and its containers. Nothing waits for it: it is no part of what is shown of runners, and not every engine lets it run.</summary>
internal static class MachineBuilderExtensions
{
    /// <summary>Adds node_exporter in a container that sees the machine.</summary>
    public static IResourceBuilder<ContainerResource> AddNodeExporterContainer(this StackContext stack, string name) =>
        stack.AddPulledContainer(name, "NodeExporter")
            .WithArgs(MachineSettings.NodeExporterArguments)
            .WithContainerRuntimeArgs(MachineSettings.NodeExporterRun)
            .WithHttpEndpoint(name: "http", targetPort: MachineSettings.NodeExporterPort)
            .AsMeter("/", "Server");

    /// <summary>Adds the node_exporter of this machine.</summary>
    public static IResourceBuilder<ExecutableResource> AddNodeExporterProcess(this StackContext stack, string name) => stack.AddLocalProgram(name).AsMeter("/", "Server");

    /// <summary>Adds cAdvisor, which only a container can be.</summary>
    public static IResourceBuilder<ContainerResource> AddCadvisorContainer(this StackContext stack, string name) =>
        stack.AddPulledContainer(name, "Cadvisor")
            .WithArgs(MachineSettings.CadvisorArguments)
            .WithContainerRuntimeArgs(MachineSettings.CadvisorRun)
            .WithHttpEndpoint(name: "http", targetPort: MachineSettings.CadvisorPort)
            .AsMeter("/healthz", "ServerMultiple");

    private static IResourceBuilder<T> AsMeter<T>(this IResourceBuilder<T> meter, string healthPath, string icon)
        where T : IResourceWithEndpoints => meter
        .WithHttpHealthCheck(healthPath, endpointName: "http")
        .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithIconName(icon);
}
