using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Exporter;

/// <summary>Adds the exporter.</summary>
internal static class ExporterBuilderExtensions
{
    /// <summary>Adds the exporter: built from this repository where it runs, the released image where it is published.</summary>
    /// <param name="builder">The stack.</param>
    /// <param name="name">Its name.</param>
    public static IResourceBuilder<ExporterResource> AddExporter(this IDistributedApplicationBuilder builder, string name)
    {
        var exporter = builder.AddResource(new ExporterResource(name))
            .WithImage(ExporterDeployment.ImageName, ExporterDeployment.ImageTag)
            .WithHttpEndpoint(name: ExporterResource.Http, port: builder.PortOf("Exporter", ExporterDeployment.HttpPort), targetPort: ExporterDeployment.HttpPort)
            .WithHttpEndpoint(name: ExporterResource.Grpc, port: builder.PortOf("Collector", ExporterDeployment.GrpcPort), targetPort: ExporterDeployment.GrpcPort)
            .WithEndpoint(ExporterResource.Grpc, endpoint => endpoint.Transport = "http2")
            .WithHttpHealthCheck("/ready", endpointName: ExporterResource.Http)
            .WithIconName("DataHistogram");
        foreach (var (variable, value) in ExporterDeployment.Environment)
        {
            exporter.WithEnvironment(variable, value);
        }

        return builder.ExecutionContext.IsPublishMode ? exporter.PublishAsExporterService() : exporter.RunFromSource();
    }

    private static IResourceBuilder<ExporterResource> RunFromSource(this IResourceBuilder<ExporterResource> exporter)
    {
        var builder = exporter.ApplicationBuilder;
        var token = builder.AddGeneratedSecret("agent-token");
        var webhookSecret = builder.AddGeneratedSecret("webhook-secret");
        exporter.Resource.AgentToken = token.Resource;
        exporter.Resource.WebhookSecret = webhookSecret.Resource;
        token.WithParentRelationship(exporter);
        webhookSecret.WithParentRelationship(exporter);
        return exporter
            .WithDockerfile("..", "src/runner-images/exporter/Dockerfile")
            .WithKeptFolder(ExporterDeployment.DataFolder)
            .WithSecretFile("tokens", token.Resource, ExporterDeployment.UserId)
            .WithSecretFile("webhook-secrets", webhookSecret.Resource, ExporterDeployment.UserId)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_SECRET_FILE", "/run/secrets/webhook-secrets")
            .WithTelemetry()
            .WithUrlForEndpoint(ExporterResource.Http, url => url.DisplayText = "Status")
            .WithUrlForEndpoint(ExporterResource.Grpc, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithUrl(ReferenceExpression.Create($"{exporter.GetEndpoint(ExporterResource.Http)}/metrics"), "Metrics");
    }

    // Made anew at each start, where the configuration has none: Parameters:agent-token, Parameters:webhook-secret.
    private static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true);
}
