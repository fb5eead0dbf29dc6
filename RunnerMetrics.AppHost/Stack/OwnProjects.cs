namespace RunnerMetrics.AppHost.Stack;

/// <summary>Adds programs of this repository as projects.</summary>
internal static class OwnProjects
{
    /// <summary>Adds one, which is configured by its own variables: Aspire's ASPNETCORE_URLS would stand in their way.</summary>
    public static IResourceBuilder<ProjectResource> AddOwnProject<TProject>(this StackContext stack, string name)
        where TProject : IProjectMetadata, new() =>
        stack.Builder.AddProject<TProject>(
                name,
                options =>
                {
                    options.ExcludeLaunchProfile = true;
                    options.ExcludeKestrelEndpoints = true;
                })
            .WithEndpointsInEnvironment(_ => false);
}
