using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The types of npm's @grafana/schema, by which a program of this repository holds dashboards (<c>dashboards/schema</c>).</summary>
internal static class DashboardSchema
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "dashboards", "schema");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    public static void SkipWhereMissing() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Folder, "node_modules", "@grafana", "schema")) && HasNode(),
        "@grafana/schema is not on this machine: run ./test.sh, or npm ci in dashboards/schema");

    /// <summary>What is wrong with files, a line for each: <c>FILE: where: what</c>.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IEnumerable<string> files, CancellationToken cancelled)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["check.mjs", .. files])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Limit);
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            var lines = (await node.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == (lines.Length == 0 ? 0 : 1) && (await errors).Length == 0, $"check.mjs ended with {node.ExitCode}: {await errors}");
            return lines;
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill();
            }
        }
    }

    private static bool HasNode() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));
}
