using System.Globalization;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Alertmanager;

/// <summary>Adds Alertmanager with this repository's routes. It notifies nobody, unless <c>AlertmanagerSecrets</c> of the configuration names a folder with addresses (docs/alerting.md).</summary>
internal static class AlertmanagerBuilderExtensions
{
    /// <summary>Adds it in a container.</summary>
    public static IResourceBuilder<ContainerResource> AddAlertmanagerContainer(this StackContext stack, string name)
    {
        var port = stack.Settings.PortOf("Alertmanager", AlertmanagerSettings.HostPort);
        var alertmanager = stack.AddPulledContainer(name, "Alertmanager")
            .WithArgs(AlertmanagerSettings.Arguments(port))
            .WithRepositoryMounts(AlertmanagerSettings.Mounts)
            .WithKeptFolder(stack, AlertmanagerSettings.DataFolder)
            .WithHttpEndpoint(name: "http", port: port, targetPort: AlertmanagerSettings.Port)
            .AsAlertmanager();
        return stack.Settings.AlertmanagerSecrets is { } secrets ? alertmanager.WithBindMount(secrets, AlertmanagerSettings.SecretsFolder, isReadOnly: true) : alertmanager;
    }

    /// <summary>Adds the program of this machine.</summary>
    public static IResourceBuilder<ExecutableResource> AddAlertmanagerProcess(this StackContext stack, string name)
    {
        var alertmanager = stack.AddLocalProgram(name, stack.Settings.PortOf("Alertmanager", AlertmanagerSettings.HostPort)).AsAlertmanager();
        var own = alertmanager.GetEndpoint("http");
        return alertmanager
            .WithConfiguration(
                stack,
                "--storage.path",
                AlertmanagerSettings.Mounts[0],
                committed => AlertmanagerSettings.OnThisMachine(committed, Path.Combine(Repository.Folder, AlertmanagerSettings.Mounts[1].Source), stack.Settings.AlertmanagerSecrets))
            .WithArgs("--cluster.listen-address=")
            .WithArgs(context => context.Args.Add(string.Create(CultureInfo.InvariantCulture, $"--web.external-url=http://127.0.0.1:{own.Port}")));
    }

    private static IResourceBuilder<T> AsAlertmanager<T>(this IResourceBuilder<T> alertmanager)
        where T : IResourceWithEndpoints => alertmanager
        .WithHttpHealthCheck("/-/ready", endpointName: "http")
        .WithUrlForEndpoint("http", url => url.DisplayText = "Alertmanager")
        .WithIconName("AlertUrgent");
}
