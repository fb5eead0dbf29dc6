namespace RunnerMetrics.Agent.Tests.Caches;

/// <summary>Recorded output of tools.</summary>
internal static class CacheOutput
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures/cache-output");

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
