namespace RunnerMetrics.Simulator.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("simulator-").FullName;

    /// <summary>All lines of the logs of one kind, in order.</summary>
    public IEnumerable<string> Lines(string prefix) =>
        Directory.GetFiles(Path, prefix + "_*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadLines);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
