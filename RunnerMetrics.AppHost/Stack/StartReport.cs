using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>Prints, in one sentence each, which resources could not start, and where to find the reason.</summary>
internal sealed partial class StartReport(ResourceNotificationService resources, ILogger<StartReport> logger) : BackgroundService
{
    public static void AddTo(IDistributedApplicationBuilder builder) => builder.Services.AddHostedService<StartReport>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var changed in resources.WatchAsync(stoppingToken))
        {
            if (changed.Snapshot.State?.Text == KnownResourceStates.FailedToStart && said.Add(changed.ResourceId))
            {
                FailedToStart(changed.Resource.Name, Advice(changed.Resource));
            }
        }
    }

    private static string Advice(IResource resource) => resource switch
    {
        _ when resource.Annotations.OfType<DockerfileBuildAnnotation>().FirstOrDefault() is { } build =>
            $"its image is built from {Path.GetRelativePath(Repository.Folder, build.DockerfilePath)}, and its log on the dashboard has the build output",
        ContainerResource container when container.TryGetContainerImageName(out var image) =>
            $"its image is {image}, and its log on the dashboard has the engine's output; set another image with --Images:NAME",
        _ => "its log on the dashboard shows why",
    };

    [LoggerMessage(1, LogLevel.Error, "{Resource} could not start: {Advice}.")]
    private partial void FailedToStart(string resource, string advice);
}
