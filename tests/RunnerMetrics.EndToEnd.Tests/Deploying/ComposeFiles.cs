using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>The committed compose files.</summary>
internal static class ComposeFiles
{
    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "deploy", "compose");

    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(Folder, "*.yml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public static ComposeText Read(string name) => ComposeText.Read(File.ReadAllText(Path.Combine(Folder, name)));
}
