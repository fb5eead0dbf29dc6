namespace RunnerMetrics.Demo.Running;

/// <summary>A folder that is gone when the demo is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("runner-metrics-demo-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"{Path} could not be removed: {exception.Message}");
        }
    }
}
