using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>
/// deploy/rollback.sh by its parts, with stand-ins for docker, kubectl and helm that note what they are told: the backup comes first, and where there is none nothing is changed.
/// With a real engine: <see cref="RunnerMetrics.EndToEnd.Tests.Containers.RollbackTests"/>.
/// </summary>
public sealed class RollbackScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubernetes_WithABackup_UndoesTheRollout()
    {
        var run = await RunAsync(0, "kubernetes", "--namespace", "ci", "--deployment", "runner-metrics-exporter");
        Assert.True(run.ExitCode == 0, run.Said);
        var calls = Calls();
        Assert.Equal(3, calls.Length);
        Assert.Matches(@"^kubectl exec --namespace ci deployment/runner-metrics-exporter -- /usr/local/bin/runner-metrics-exporter store backup /data/backup-\d{8}T\d{6}Z\.db --data /data$", calls[0]);
        Assert.Equal("kubectl rollout undo --namespace ci deployment/runner-metrics-exporter", calls[1]);
        Assert.Equal("kubectl rollout status --namespace ci deployment/runner-metrics-exporter --timeout 10m", calls[2]);
    }

    [Fact]
    public async Task Kubernetes_OfAChart_RollsTheReleaseBack()
    {
        var run = await RunAsync(0, "kubernetes", "--helm", "runner-metrics", "--revision", "3");
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal("helm rollback runner-metrics 3 --namespace runner-metrics --wait --timeout 10m", Calls()[1]);
    }

    [Fact]
    public async Task Kubernetes_BackupOnly_ChangesNothing()
    {
        var run = await RunAsync(0, "kubernetes", "--backup-only");
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.StartsWith("kubectl exec ", Assert.Single(Calls()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubernetes_WithoutABackup_ChangesNothing()
    {
        var run = await RunAsync(1, "kubernetes");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no backup could be taken, so nothing was changed", run.Errors, StringComparison.Ordinal);
        Assert.Single(Calls());
    }

    [Theory]
    [InlineData("say where: compose or kubernetes.")]
    [InlineData("say which image to go back to: runner-metrics/exporter:VERSION.", "compose")]
    [InlineData("--volume is not an option; --help lists them.", "compose", "--volume", "x")]
    [InlineData("image is one argument too many.", "kubernetes", "image")]
    [InlineData("--restore is for Compose", "kubernetes", "--restore", "x")]
    public async Task WrongUsage_IsNamed(string said, params string[] arguments)
    {
        var run = await RunAsync(0, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Empty(Calls());
    }

    public void Dispose() => _folder.Dispose();

    private string[] Calls() => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    private Task<ProcessRun> RunAsync(int exitCode, params string[] arguments)
    {
        foreach (var program in (string[])["docker", "kubectl", "helm"])
        {
            var path = _folder.Write($"bin/{program}", $"#!/bin/sh\necho \"{program} $*\" >>'{_folder.File("calls")}'\nexit {exitCode}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        var start = new ProcessStartInfo(Path.Combine(RepositoryFolder.Path, "deploy", "rollback.sh"), arguments);
        start.Environment["PATH"] = $"{_folder.File("bin")}:/usr/bin:/bin";
        return ProcessRun.RunAsync(start, Cancelled);
    }
}
