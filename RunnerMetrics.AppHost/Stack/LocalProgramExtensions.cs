namespace RunnerMetrics.AppHost.Stack;

/// <summary>Adds programs of this machine that are told things as Prometheus is.</summary>
internal static class LocalProgramExtensions
{
    /// <summary>Adds one, which listens on loopback where <c>--web.listen-address</c> says.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="name">Its name, by which the machine knows the program too.</param>
    /// <param name="port">Its port on this machine; null: any.</param>
    public static IResourceBuilder<ExecutableResource> AddLocalProgram(this StackContext stack, string name, int? port = null)
    {
        var program = stack.Builder.AddExecutable(name, stack.Machine.Programs[name], Repository.Folder).WithHttpEndpoint(name: "http", port: port);
        var own = program.GetEndpoint("http");
        return program.WithArgs(context => context.Args.Add(ReferenceExpression.Create($"--web.listen-address=127.0.0.1:{own.Property(EndpointProperty.TargetPort)}")));
    }

    /// <summary>Gives one its configuration, which is made of the committed one as the program starts, and the folder of its data.</summary>
    /// <param name="program">The program.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="storage">The option that names the folder: <c>--storage.path</c>.</param>
    /// <param name="committed">The committed configuration.</param>
    /// <param name="write">Makes its text that of this machine.</param>
    public static IResourceBuilder<ExecutableResource> WithConfiguration(
        this IResourceBuilder<ExecutableResource> program, StackContext stack, string storage, RepositoryMount committed, Func<string, string> write)
    {
        var file = $"{program.Resource.Name}.yml";
        var data = stack.DataFolderOf(program.Resource.Name);
        return program
            .WithArgs($"--config.file={stack.Folder[file]}", $"{storage}={data}")
            .OnBeforeResourceStarted(async (_, _, cancelled) =>
            {
                await stack.Folder.WriteAsync(file, write(await File.ReadAllTextAsync(Path.Combine(Repository.Folder, committed.Source), cancelled)), cancelled);
                Directory.CreateDirectory(data);
            });
    }
}
