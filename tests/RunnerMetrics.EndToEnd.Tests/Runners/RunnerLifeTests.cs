using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>Runners that come, work, stop and go, with the agent beside them: what the exporter says of each.</summary>
public sealed class RunnerLifeTests : IDisposable
{
    private const string Labels = "{runner_name=\"sim\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // Silence would count only after an hour here: what is told earlier was said.
    [Fact]
    public async Task Metrics_RunnerStopped_SaysSoAtOnceAndTellsOfTheJob()
    {
        await using var exporter = await StartExporterAsync(TimeSpan.FromHours(1));
        var http = new Uri(exporter.Urls.First());
        using var stopAgent = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var stopRunner = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var agent = RunAgentAsync("sim", exporter, once: false, stopAgent.Token);
        var did = new List<SimulatedJob>();
        var runner = new SimulatedRunner(Simulated("sim", speed: 60, ephemeral: false), TimeProvider.System) { OnJobFinished = did.Add }.RunAsync(stopRunner.Token);

        await UntilAsync(http, scrape => scrape[$"github_runner_status{Labels}"] == 1 && scrape[$"github_runner_busy{Labels}"] == 0);
        await UntilAsync(http, scrape => scrape[$"github_runner_busy{Labels}"] == 1);
        await stopRunner.CancelAsync();
        await runner;
        await UntilAsync(http, scrape => scrape[$"github_runner_status{Labels}"] == 0 && scrape.Sum("github_runner_jobs_total") == did.Count);
        var last = await Scraped.ReadAsync(http, Cancelled);
        Assert.Equal(0, last[$"github_runner_busy{Labels}"]);
        Assert.Equal(0, last.Sum("github_runner_jobs_unresolved"));
        Assert.Null(last[$"github_runner_uptime_seconds{Labels}"]);

        // Told to stop, the listener says canceled of such a job; it failed, and by the runner's fault.
        Assert.Equal(did.Count(job => job.FailureReason == JobFailureReason.Runner), last["github_runner_job_failures_total{runner_name=\"sim\",runner_type=\"standard\",runner_scope=\"github.com/acme\",reason=\"runner\"}"]);
        await stopAgent.CancelAsync();
        Assert.Equal(0, await agent);
        await exporter.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Metrics_EphemeralRunners_CountEveryJobAndAddNoSeries()
    {
        await using var exporter = await StartExporterAsync(TimeSpan.FromSeconds(30));
        var http = new Uri(exporter.Urls.First());
        var jobs = 0;
        var lines = 0;
        for (var round = 0; round < 3; round++)
        {
            var runners = Enumerable.Range(0, 8).Select(i => RunOneJobAsync($"gone-{round}-{i}", (8 * round) + i, exporter));
            jobs += (await Task.WhenAll(runners)).Sum();
            var scrape = await Scraped.ReadAsync(http, Cancelled);
            Assert.Equal(jobs, scrape.SumWhere(series => series.StartsWith("github_runner_jobs_total{runner_name=\"ephemeral\"", StringComparison.Ordinal)));
            Assert.DoesNotContain("gone-", scrape.Text, StringComparison.Ordinal);
            var count = scrape.Text.Split('\n').Count(line => line.StartsWith("github_", StringComparison.Ordinal));
            Assert.True(round == 0 || count == lines, $"{count} series after {jobs} runners, {lines} before.");
            lines = count;
        }

        Assert.Equal(24, jobs);
        await exporter.StopAsync(Cancelled);
    }

    private async Task<int> RunOneJobAsync(string name, int seed, WebApplication exporter)
    {
        var jobs = 0;
        await new SimulatedRunner(Simulated(name, speed: 10_000, ephemeral: true, seed), TimeProvider.System) { OnJobFinished = _ => jobs++ }.RunAsync(Cancelled);
        await Deliver.AllAsync(() => RunAgentAsync(name, exporter, once: true, Cancelled));
        return jobs;
    }

    private SimulatorOptions Simulated(string name, double speed, bool ephemeral, int seed = 1) => new()
    {
        DiagDirectory = Path.Combine(_folder.Path, name, "_diag"),
        RunnerName = name,
        Seed = seed,
        Speed = speed,
        Ephemeral = ephemeral,
    };

    private Task<int> RunAgentAsync(string name, WebApplication exporter, bool once, CancellationToken stop) => AgentApplication.RunAsync(
        new AgentOptions
        {
            Diag = Path.Combine(_folder.Path, name, "_diag"),
            Spool = Path.Combine(_folder.Path, name, "spool"),
            RunnerName = name,
            RunnerType = "standard",
            Collector = new Uri(exporter.Urls.Last()),
            Once = once,
            HeartbeatInterval = TimeSpan.FromMilliseconds(500),
            FlushTimeout = Patience.Limit,
        },
        NullLoggerFactory.Instance,
        TimeProvider.System,
        stop);

    private static async Task<WebApplication> StartExporterAsync(TimeSpan offlineAfter)
    {
        var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0, Fleet = new FleetOptions { OfflineAfter = offlineAfter } }, TimeProvider.System, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        return exporter;
    }

    private static Task UntilAsync(Uri exporter, Func<Scraped, bool> isSo) => Scraped.UntilAsync(exporter, isSo, Cancelled);
}
