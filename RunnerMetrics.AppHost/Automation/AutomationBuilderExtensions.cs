using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Automation;

/// <summary>Adds the automation worker, which audits this repository. It is started on the dashboard by whoever wants it, and nothing waits for it.</summary>
internal static class AutomationBuilderExtensions
{
    /// <summary>Adds the worker. Prometheus finds it by its name as soon as it runs.</summary>
    public static IResourceBuilder<ContainerResource> AddAutomationWorker(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddDockerfile(name, "..", AutomationSettings.Dockerfile)
            .WithArgs(AutomationSettings.Arguments)
            .WithRepositoryMounts(AutomationSettings.Mounts)
            .WithHttpEndpoint(name: "http", port: builder.PortOf("Automation", AutomationSettings.Port), targetPort: AutomationSettings.Port)
            .WithHttpHealthCheck("/health", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Automation")
            .WithExplicitStart()
            .WithIconName("Bot");
}
