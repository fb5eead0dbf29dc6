namespace RunnerMetrics.EndToEnd.Tests;

/// <summary>Where this repository stands on the machine that runs its tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RunnerMetrics.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"RunnerMetrics.sln is not above {AppContext.BaseDirectory}");
    }
}
