namespace RunnerMetrics.Testing;

/// <summary>The folder that holds the solution.</summary>
public static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "RunnerMetrics.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No RunnerMetrics.sln stands above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
