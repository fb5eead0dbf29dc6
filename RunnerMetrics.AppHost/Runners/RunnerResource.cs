namespace RunnerMetrics.AppHost.Runners;

/// <summary>A runner with its agent, in a container of src/runner-images.</summary>
/// <param name="name">Its name, here and in the metrics.</param>
/// <param name="type">standard, chrome or chrome-go.</param>
internal sealed class RunnerResource(string name, string type) : ContainerResource(name)
{
    /// <summary>The user of ghcr.io/actions/actions-runner.</summary>
    public const int UserId = 1001;

    /// <summary>standard, chrome or chrome-go.</summary>
    public string Type { get; } = type;

    /// <summary>The image's Dockerfile, from the root of the repository.</summary>
    public string Dockerfile => Type == "standard" ? "src/runner-images/Dockerfile" : $"src/runner-images/Dockerfile.{Type}";
}
