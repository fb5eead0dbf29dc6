using System.Net;
using System.Net.Sockets;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Processes;

/// <summary>Agent and exporter in one process.</summary>
public sealed class StandaloneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Diag => Path.Combine(_folder.Path, "_diag");

    private string Spool => Path.Combine(_folder.Path, "spool");

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_StoppedKilledAndStartedAgain_CountsEveryJobOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        var did = SimulatedHistory.Write(Diag, 20, Start, seed: 1, "sim");
        await using (var agent = StartAgent())
        {
            await AssertCountedAsync(await AddressAsync(agent), did);
            await agent.SignalAsync("TERM");
            var run = await agent.EndAsync();
            Assert.True(run.ExitCode == 0, run.Said);
        }

        did = [.. did, .. SimulatedHistory.Write(Diag, 10, Start.AddDays(2), seed: 2, "sim")];
        await using (var agent = StartAgent())
        {
            await AssertCountedAsync(await AddressAsync(agent), did);
            await agent.KillAsync();
        }

        await using (var agent = StartAgent())
        {
            await AssertCountedAsync(await AddressAsync(agent), did);
        }
    }

    [Fact]
    public async Task Run_NothingElseSaid_ListensOnLoopbackAlone()
    {
        await using var agent = StartAgent();
        Assert.Equal("127.0.0.1", (await AddressAsync(agent)).Host);
    }

    [Fact]
    public async Task Run_PortTaken_SaysSoAndEndsWith1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var agent = StartAgent(((IPEndPoint)taken.LocalEndpoint).Port);
        var run = await agent.EndAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("address already in use", run.Said, StringComparison.Ordinal);
        Assert.Contains("--http-port", run.Said, StringComparison.Ordinal);
    }

    private static DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-7).ToUnixTimeSeconds());

    private RunningProgram StartAgent(int port = 0) => AgentProcess.StartStandalone("sim", Diag, Spool, "--http-port", $"{port}", "--data", Data);

    // 2026-11-21 10:22:16Z info: RunnerMetrics.Standalone[500] Metrics at http://127.0.0.1:9091/metrics.
    private static async Task<Uri> AddressAsync(RunningProgram agent) => new((await agent.WaitForLineAsync(@"Metrics at (http://\S+)/metrics\.")).Groups[1].Value);

    private static async Task AssertCountedAsync(Uri address, IReadOnlyList<SimulatedJob> did)
    {
        Scraped? scrape = null;
        await Wait.UntilAsync(
            async () => (scrape = await Scraped.ReadAsync(address, Cancelled)).Sum("github_runner_jobs_total") >= did.Count, () => scrape!.Text, Cancelled);
        foreach (var (conclusion, status) in new[] { (JobConclusion.Success, "success"), (JobConclusion.Failed, "failed"), (JobConclusion.Cancelled, "cancelled") })
        {
            Assert.Equal(
                did.Count(job => job.Conclusion == conclusion), scrape![$"github_runner_jobs_total{{runner_name=\"sim\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"{status}\"}}"]);
        }
    }
}
