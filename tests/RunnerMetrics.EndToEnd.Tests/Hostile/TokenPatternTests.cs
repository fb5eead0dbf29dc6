using RunnerMetrics.EndToEnd.Tests.Processes;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>A pattern in the token file that is wrong: nothing is counted under it, and nothing is lost by it.</summary>
public sealed class TokenPatternTests : IDisposable
{
    private const int Jobs = 5;
    private const string Token = "a-token-0123456789";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pattern_WrongUntilItIsMended_LosesNoJob()
    {
        var (diag, tokens) = (Path.Combine(_folder.Path, "_diag"), Path.Combine(_folder.Path, "tokens"));
        await File.WriteAllTextAsync(tokens, $"{Token} runners=bulid-*\n", Cancelled);
        await using var exporter = ExporterProcess.Start("--http-port", "0", "--grpc-port", "0", "--token-file", tokens);
        var (http, grpc) = await exporter.ReadyAsync();
        var simulated = await ProcessRun.RunAsync(
            Programs.Start(typeof(SimulatedRunner).Assembly, ["--diag", diag, "--runner-name", "build-1", "--seed", "1", "--speed", "1000", "--jobs", $"{Jobs}"]), Cancelled);
        Assert.True(simulated.ExitCode == 0, simulated.Said);

        ProcessRun? run = null;
        await Wait.UntilAsync(
            async () =>
            {
                run = await DeliverAsync(diag, grpc, tokens);
                Assert.True(run.ExitCode == 1, run.Said);
                return run.Said.Contains("allows runners=bulid-*, and not for 'build-1'", StringComparison.Ordinal);
            },
            () => $"The refusal is not told: {run?.Said}",
            Cancelled);
        Assert.Equal(0, (await ScrapeAsync(http)).Sum("github_runner_jobs_total"));

        await File.WriteAllTextAsync(tokens, $"{Token} runners=build-*\n", Cancelled);
        await Wait.UntilAsync(
            async () => (await DeliverAsync(diag, grpc, tokens)).ExitCode == 0, () => "The agent's events are still not taken.", Cancelled);
        var scrape = await ScrapeAsync(http);
        Assert.Equal(Jobs, scrape.Sum("github_runner_jobs_total"));
        Assert.Equal(0, scrape.Sum("runner_metrics_events_rejected_total"));
    }

    private Task<ProcessRun> DeliverAsync(string diag, Uri grpc, string tokens) =>
        AgentProcess.RunOnceAsync("build-1", diag, Path.Combine(_folder.Path, "spool"), grpc, "--token-file", tokens);

    private static async Task<Scraped> ScrapeAsync(Uri http)
    {
        using var client = new PatientHttpClient();
        return Scraped.Of(await client.GetStringAsync(new Uri(http, "/metrics"), Cancelled));
    }
}
