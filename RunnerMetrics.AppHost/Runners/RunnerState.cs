namespace RunnerMetrics.AppHost.Runners;

/// <summary>Reads from a scrape whether a runner is there.</summary>
internal static class RunnerState
{
    /// <summary>Whether the exporter gets a runner's heartbeats: <c>github_runner_status{runner_name="standard-1",runner_type="standard"} 1</c>.</summary>
    public static bool IsOnline(string scrape, string runner) =>
        scrape.Split('\n').Any(line => line.StartsWith($"github_runner_status{{runner_name=\"{runner}\",", StringComparison.Ordinal)
            && line.TrimEnd().EndsWith("} 1", StringComparison.Ordinal));
}
