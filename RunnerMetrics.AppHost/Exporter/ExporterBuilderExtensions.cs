using RunnerMetrics.AppHost.Exporter.Publishing;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.AppHost.Exporter;

/// <summary>Adds the exporter.</summary>
internal static class ExporterBuilderExtensions
{
    /// <summary>Adds the exporter that is published: the released image.</summary>
    public static void AddPublishedExporter(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddContainer(name, ExporterDeployment.ImageName, ExporterDeployment.ImageTag)
            .WithHttpEndpoint(name: ExporterEndpoints.Http, port: ExporterDeployment.HttpPort, targetPort: ExporterDeployment.HttpPort)
            .WithHttpEndpoint(name: ExporterEndpoints.Grpc, port: ExporterDeployment.GrpcPort, targetPort: ExporterDeployment.GrpcPort)
            .WithDeployedEnvironment()
            .WithVolume(ExporterDeployment.Volume, ExporterDeployment.DataFolder)
            .PublishAsExporterService();

    /// <summary>Adds the exporter in a container, as production has it.</summary>
    public static IResourceBuilder<ContainerResource> AddExporterContainer(this StackContext stack, string name)
    {
        var exporter = stack.Builder.AddResource(new ContainerResource(name))
            .WithOwnImage(stack, "Exporter")
            .WithHttpEndpoint(name: ExporterEndpoints.Http, port: stack.Settings.PortOf("Exporter", ExporterDeployment.HttpPort), targetPort: ExporterDeployment.HttpPort)
            .WithHttpEndpoint(name: ExporterEndpoints.Grpc, port: stack.Settings.PortOf("Collector", ExporterDeployment.GrpcPort), targetPort: ExporterDeployment.GrpcPort)
            .WithDeployedEnvironment()
            .WithKeptFolder(stack, ExporterDeployment.DataFolder)
            .WithTelemetry(stack)
            .WithForgetCommand()
            .AsExporter(stack, out var secrets);
        return exporter
            .WithSecretFile("tokens", secrets.AgentToken, ExporterDeployment.UserId)
            .WithSecretFile("webhook-secrets", secrets.WebhookSecret, ExporterDeployment.UserId)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_SECRET_FILE", "/run/secrets/webhook-secrets");
    }

    /// <summary>Adds the exporter as a project, which a debugger can reach.</summary>
    public static IResourceBuilder<ProjectResource> AddExporterProject(this StackContext stack, string name)
    {
        var exporter = stack.AddOwnProject<Projects.RunnerMetrics_Exporter>(name)
            .WithHttpEndpoint(name: ExporterEndpoints.Http, port: stack.Settings.PortOf("Exporter", ExporterDeployment.HttpPort), env: "RUNNER_METRICS_HTTP_PORT")
            .WithHttpEndpoint(name: ExporterEndpoints.Grpc, port: stack.Settings.PortOf("Collector", ExporterDeployment.GrpcPort), env: "RUNNER_METRICS_GRPC_PORT")
            .WithEnvironment("RUNNER_METRICS_BIND", "127.0.0.1")
            .WithEnvironment("RUNNER_METRICS_DATA", stack.DataFolderOf(name))
            .WithKillCommand()
            .AsExporter(stack, out var secrets);
        var tokens = stack.AddSecretFile(secrets.AgentToken);
        return exporter
            .WithForgetCommand(tokens)
            .WithEnvironment("RUNNER_METRICS_TOKEN_FILE", tokens)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_SECRET_FILE", stack.AddSecretFile(secrets.WebhookSecret));
    }

    private static IResourceBuilder<ContainerResource> WithDeployedEnvironment(this IResourceBuilder<ContainerResource> exporter)
    {
        foreach (var (variable, value) in ExporterDeployment.Environment)
        {
            exporter.WithEnvironment(variable, value);
        }

        return exporter;
    }

    private static IResourceBuilder<T> AsExporter<T>(this IResourceBuilder<T> exporter, StackContext stack, out ExporterSecrets secrets)
        where T : IResourceWithEndpoints, IResourceWithEnvironment
    {
        var token = stack.AddGeneratedSecret("agent-token").WithParentRelationship(exporter.Resource);
        var webhookSecret = stack.AddGeneratedSecret("webhook-secret").WithParentRelationship(exporter.Resource);
        secrets = new ExporterSecrets(token.Resource, webhookSecret.Resource);
        return exporter
            .WithAnnotation(secrets)
            .WithEndpoint(ExporterEndpoints.Grpc, endpoint => endpoint.Transport = "http2")
            .WithEnvironment("RUNNER_METRICS_INCIDENT_REPOSITORIES", LocalFleet.IncidentRepositories)
            .WithHttpHealthCheck("/ready", endpointName: ExporterEndpoints.Http)
            .WithUrlForEndpoint(ExporterEndpoints.Http, url => url.DisplayText = "Live page")
            .WithUrlForEndpoint(ExporterEndpoints.Grpc, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithUrl(ReferenceExpression.Create($"{exporter.GetEndpoint(ExporterEndpoints.Http)}/metrics"), "Metrics")
            .WithIconName("DataHistogram");
    }
}
