using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Alertmanager;

/// <summary>Adds Alertmanager.</summary>
internal static class AlertmanagerBuilderExtensions
{
    /// <summary>Adds an Alertmanager with this repository's routes. It tells nobody, unless <c>AlertmanagerSecrets</c> of the configuration names a folder with addresses (docs/alerting.md).</summary>
    public static IResourceBuilder<ContainerResource> AddAlertmanager(this IDistributedApplicationBuilder builder, string name)
    {
        var port = builder.PortOf("Alertmanager", AlertmanagerSettings.HostPort);
        var alertmanager = builder.AddContainer(name, ImageTags.Alertmanager, ImageTags.AlertmanagerTag)
            .WithArgs(AlertmanagerSettings.Arguments(port))
            .WithRepositoryMounts(AlertmanagerSettings.Mounts)
            .WithKeptFolder(AlertmanagerSettings.DataFolder)
            .WithHttpEndpoint(name: "http", port: port, targetPort: AlertmanagerSettings.Port)
            .WithHttpHealthCheck("/-/ready", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Alertmanager")
            .WithIconName("AlertUrgent");
        return builder.Configuration["AlertmanagerSecrets"] is { Length: > 0 } secrets
            ? alertmanager.WithBindMount(secrets, AlertmanagerSettings.SecretsFolder, isReadOnly: true)
            : alertmanager;
    }
}
