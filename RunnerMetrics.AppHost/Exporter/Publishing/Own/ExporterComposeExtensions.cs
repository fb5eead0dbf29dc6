#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004 // Aspire's pipeline is for evaluation: what is published is held by a snapshot.
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace RunnerMetrics.AppHost.Exporter.Publishing;

/// <summary>Writes <see cref="ExporterDeployment"/> as a compose file in a step of Aspire's own pipeline, where the feed has no Aspire.Hosting.Docker.</summary>
internal static class ExporterComposeExtensions
{
    /// <summary>Adds the step that writes <c>docker-compose.yaml</c> into the folder that is published to.</summary>
    public static void AddExporterCompose(this IDistributedApplicationBuilder builder, string name) => builder.Pipeline.AddStep(
        $"publish-{name}",
        async context =>
        {
            var folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.yaml"), ExporterComposeFile.Write(), context.CancellationToken);
        },
        requiredBy: WellKnownPipelineSteps.Publish);

    /// <summary>The step needs no more of the resource than its description.</summary>
    public static IResourceBuilder<ContainerResource> PublishAsExporterService(this IResourceBuilder<ContainerResource> exporter) => exporter;
}
