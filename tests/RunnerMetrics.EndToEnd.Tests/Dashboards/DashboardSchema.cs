using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The types of npm's @grafana/schema, by which a program of this repository holds dashboards (<c>dashboards/schema</c>).</summary>
internal static class DashboardSchema
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "dashboards", "schema");

    public static void SkipWhereMissing() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Folder, "node_modules", "@grafana", "schema")) && HasNode(),
        "@grafana/schema is not on this machine: run ./test.sh, or npm ci in dashboards/schema");

    /// <summary>What is wrong with files, a line for each: <c>FILE: where: what</c>.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IEnumerable<string> files, CancellationToken cancelled)
    {
        var run = await ProcessRun.RunAsync(new ProcessStartInfo("node", ["check.mjs", .. files]) { WorkingDirectory = Folder }, cancelled);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(run.ExitCode == (lines.Length == 0 ? 0 : 1) && run.Errors.Length == 0, $"check.mjs ended with {run.ExitCode}: {run.Errors}");
        return lines;
    }

    private static bool HasNode() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));
}
