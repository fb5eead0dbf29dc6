using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Automation;

/// <summary>Adds the automation worker, which audits this repository. It is started on the dashboard on demand, and nothing waits for it.</summary>
internal static class AutomationBuilderExtensions
{
    /// <summary>Adds it in a container. Prometheus finds it by its name as soon as it runs.</summary>
    public static IResourceBuilder<ContainerResource> AddAutomationContainer(this StackContext stack, string name) =>
        stack.Builder.AddResource(new ContainerResource(name))
            .WithOwnImage(stack, "Automation")
            .WithArgs(AutomationSettings.Arguments)
            .WithRepositoryMounts(AutomationSettings.Mounts)
            .WithHttpEndpoint(name: "http", port: stack.Settings.PortOf("Automation", AutomationSettings.Port), targetPort: AutomationSettings.Port)
            .AsAutomation();

    /// <summary>Adds it as a project.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="name">Its name.</param>
    /// <param name="targetFile">A file that names its address while it runs, for Prometheus: a target that is never there would fire an alert.</param>
    public static IResourceBuilder<ProjectResource> AddAutomationProject(this StackContext stack, string name, out string targetFile)
    {
        var file = $"{name}.json";
        targetFile = stack.Folder[file];
        var worker = stack.AddOwnProject<Projects.RunnerMetrics_AutomationWorker>(name)
            .WithArgs([.. AutomationSettings.Arguments, "--repository", Repository.Folder])
            .WithHttpEndpoint(name: "http", port: stack.Settings.PortOf("Automation", AutomationSettings.Port), env: "RUNNER_METRICS_HTTP_PORT")
            .AsAutomation();
        var endpoint = worker.GetEndpoint("http");
        return worker
            .OnBeforeResourceStarted((_, _, cancelled) => stack.Folder.WriteAsync(file, LocalPrometheusConfiguration.TargetFile(PrometheusBuilderExtensions.AddressOf(endpoint)), cancelled))
            .OnResourceStopped((_, _, _) =>
            {
                if (File.Exists(stack.Folder[file]))
                {
                    File.Delete(stack.Folder[file]);
                }

                return Task.CompletedTask;
            });
    }

    private static IResourceBuilder<T> AsAutomation<T>(this IResourceBuilder<T> worker)
        where T : IResourceWithEndpoints => worker
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithUrlForEndpoint("http", url => url.DisplayText = "Automation")
        .WithExplicitStart()
        .WithIconName("Bot");
}
