namespace RunnerMetrics.AppHost.Stack;

/// <summary>Shared by the parts of the stack.</summary>
internal static class StackBuilderExtensions
{
    /// <summary>Where processes keep their data from one run to the next.</summary>
    private static readonly string KeptData = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "runner-metrics-dev");

    /// <summary>Adds a container of an image that is pulled.</summary>
    public static IResourceBuilder<ContainerResource> AddPulledContainer(this StackContext stack, string name, string part)
    {
        var (image, tag) = Split(stack.Settings.Images.Of(part));
        return stack.Builder.AddContainer(name, image, tag);
    }

    /// <summary>Has a container run an image of this repository: built at each start under one name, or the one that is there.</summary>
    public static IResourceBuilder<T> WithOwnImage<T>(this IResourceBuilder<T> container, StackContext stack, string part)
        where T : ContainerResource
    {
        var images = stack.Settings.Images;
        var (image, tag) = Split(images.Of(part));
        if (images.ArePrebuilt)
        {
            return container.WithImage(image, tag);
        }

        var dockerfile = StackImages.Dockerfiles[part];
        container.WithImage(image, tag).WithDockerfile(Repository.Folder, dockerfile).WithImage(image, tag);
        foreach (var (name, value) in images.ArgumentsFor(dockerfile))
        {
            container.WithBuildArg(name, value);
        }

        return container;
    }

    /// <summary>Mounts files of this repository.</summary>
    public static IResourceBuilder<ContainerResource> WithRepositoryMounts(this IResourceBuilder<ContainerResource> container, IEnumerable<RepositoryMount> mounts)
    {
        foreach (var mount in mounts)
        {
            container.WithBindMount(Path.GetFullPath(Path.Combine(Repository.Folder, mount.Source)), mount.Target, isReadOnly: true);
        }

        return container;
    }

    /// <summary>Keeps a folder of a container for the next run; with <c>KeepData=false</c>, as in tests, only for this one.</summary>
    public static IResourceBuilder<T> WithKeptFolder<T>(this IResourceBuilder<T> container, StackContext stack, string target)
        where T : ContainerResource =>
        stack.Settings.KeepsData ? container.WithVolume($"runner-metrics-dev-{container.Resource.Name}", target) : container.WithVolume(target);

    /// <summary>Where a process keeps its data: for the next run, or with <c>KeepData=false</c> for this one.</summary>
    public static string DataFolderOf(this StackContext stack, string name) => stack.Settings.KeepsData ? Path.Combine(KeptData, name) : stack.Folder["data", name];

    /// <summary>Sends traces, metrics and logs to Aspire's dashboard; not with <c>Telemetry=false</c>.</summary>
    public static IResourceBuilder<T> WithTelemetry<T>(this IResourceBuilder<T> container, StackContext stack)
        where T : ContainerResource =>
        stack.Settings.HasTelemetry ? container.WithOtlpExporter() : container;

    /// <summary>A secret that is recreated at each start, where the configuration has none: <c>Parameters:agent-token</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this StackContext stack, string name) =>
        stack.Builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true);

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

    /// <summary>Puts a secret into a file of this run, before anything starts.</summary>
    /// <returns>The file.</returns>
    public static string AddSecretFile(this StackContext stack, ParameterResource secret)
    {
        stack.Builder.OnBeforeStart(async (_, cancelled) => await stack.Folder.WriteAsync(secret.Name, $"{await secret.GetValueAsync(cancelled)}\n", cancelled));
        return stack.Folder[secret.Name];
    }

    private static (string Image, string Tag) Split(string image)
    {
        var colon = image.LastIndexOf(':');
        return (image[..colon], image[(colon + 1)..]);
    }
}
