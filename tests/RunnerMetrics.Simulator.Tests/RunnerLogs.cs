using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

/// <summary>The logs that a simulated runner wrote into a folder.</summary>
internal static class RunnerLogs
{
    /// <summary>All lines of the logs of one kind, in order.</summary>
    public static IEnumerable<string> Lines(this TemporaryFolder folder, string prefix) =>
        Directory.GetFiles(folder.Path, prefix + "_*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadLines);
}
