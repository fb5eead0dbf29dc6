using Microsoft.Extensions.Configuration;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>What the containers of the stack have in common.</summary>
internal static class StackBuilderExtensions
{
    /// <summary>The port of a resource on this machine, from <c>Ports:NAME</c> of the configuration.</summary>
    public static int PortOf(this IDistributedApplicationBuilder builder, string name, int fallback) => builder.Configuration.GetValue($"Ports:{name}", fallback);

    /// <summary>Mounts files of this repository.</summary>
    public static IResourceBuilder<ContainerResource> WithRepositoryMounts(this IResourceBuilder<ContainerResource> container, IEnumerable<RepositoryMount> mounts)
    {
        foreach (var mount in mounts)
        {
            container.WithBindMount(Path.Combine("..", mount.Source), mount.Target, isReadOnly: true);
        }

        return container;
    }

    /// <summary>Keeps a folder for the next run; with <c>KeepData=false</c>, as in tests, only for this one.</summary>
    public static IResourceBuilder<T> WithKeptFolder<T>(this IResourceBuilder<T> container, string target)
        where T : ContainerResource =>
        container.ApplicationBuilder.Configuration.GetValue("KeepData", true)
            ? container.WithVolume($"runner-metrics-dev-{container.Resource.Name}", target)
            : container.WithVolume(target);

    /// <summary>Sends traces, metrics and logs to Aspire's dashboard; not with <c>Telemetry=false</c>, as in tests, where there is none.</summary>
    public static IResourceBuilder<T> WithTelemetry<T>(this IResourceBuilder<T> container)
        where T : ContainerResource =>
        container.ApplicationBuilder.Configuration.GetValue("Telemetry", true) ? container.WithOtlpExporter() : container;

    /// <summary>Puts a secret into a file that one user of the container can read: not into its environment, which its processes inherit.</summary>
    /// <param name="container">The container.</param>
    /// <param name="file">The file's name under <c>/run/secrets</c>.</param>
    /// <param name="secret">What it holds.</param>
    /// <param name="user">The id of the user, and of its group.</param>
    public static IResourceBuilder<T> WithSecretFile<T>(this IResourceBuilder<T> container, string file, ParameterResource secret, int user)
        where T : ContainerResource =>
        container.WithContainerFiles(
            "/run/secrets",
            async (_, cancelled) =>
            [
                new ContainerFile
                {
                    Name = file,
                    Contents = $"{await secret.GetValueAsync(cancelled)}\n",
                    Mode = UnixFileMode.UserRead,
                    Owner = user,
                    Group = user,
                },
            ]);
}
