using RunnerMetrics.EndToEnd.Tests.Processes;
using RunnerMetrics.EndToEnd.Tests.Runners;
using RunnerMetrics.Exporter.Tests.Commits;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Crashes;

/// <summary>The agents' processes and the exporter's killed at random moments, with a network between them that cuts: every job is counted once, and is in the history once.</summary>
public sealed class BothCrashTests : IAsyncDisposable
{
    private const int Runners = 10;
    private const int JobsARound = 3;
    private const int AgentsAtOnce = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(20_261_121);
    private readonly List<(int Runner, RunningProgram Process)> _agents = [];
    private RunningProgram? _exporter;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, agent) in _agents)
        {
            await agent.DisposeAsync();
        }

        await (_exporter?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    [Fact]
    public Task Kill_OfAgentsAndExporter_CountsEveryJobOnce() => KillAsync(rounds: LongProof.Of(slice: 25, whole: 100), ways: 3);

    [Fact]
    public Task Kill_OfAgents_CountsEveryJobOnce() => KillAsync(rounds: LongProof.Of(slice: 10, whole: 100), ways: 1);

    private async Task KillAsync(int rounds, int ways)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL on Windows.");
        var (_, grpc) = await StartExporterAsync();
        await using var network = new CuttingProxy(grpc, seed: 1);
        var did = Enumerable.Range(0, Runners).Select(_ => new List<SimulatedJob>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            var runner = round % Runners;
            did[runner].AddRange(SimulatedHistory.Write(Diag(runner), JobsARound, Start(round), round, Name(runner)));
            if (_agents.All(agent => agent.Runner != runner) && _agents.Count < AgentsAtOnce)
            {
                _agents.Add((runner, AgentProcess.Start(Name(runner), Diag(runner), Spool(runner), network.Address)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(800)), Cancelled);
            await KillAsync(network, way: _random.Next(ways));
        }

        await KillAgentsAsync(count: _agents.Count);
        network.IsGood = true;
        for (var runner = 0; runner < Runners; runner++)
        {
            await Deliver.AllAsync(() => AgentProcess.RunOnceAsync(Name(runner), Diag(runner), Spool(runner), network.Address));
        }

        await _exporter!.KillAsync();
        var (http, _) = await StartExporterAsync();
        var scrape = await Scraped.ReadAsync(http, Cancelled);
        for (var runner = 0; runner < Runners; runner++)
        {
            SimulatedCounts.AssertAre(scrape, Name(runner), "standard", did[runner]);
        }

        Assert.Equal(rounds * JobsARound, scrape.Sum("github_runner_jobs_total"));
        Assert.Equal(0, scrape.Sum("github_runner_job_corrections_total"));
        Assert.Equal(0, scrape.Sum("github_runner_jobs_unresolved"));
        SimulatedHistoryRows.AssertAre(Data, did.SelectMany((jobs, runner) => jobs.Select(job => (Name(runner), job))));
    }

    // One of the agents, the exporter, or both at once.
    private async Task KillAsync(CuttingProxy network, int way)
    {
        if (way != 1)
        {
            await KillAgentsAsync(count: 1);
        }

        if (way != 0)
        {
            await _exporter!.KillAsync();
            (_, network.Target) = await StartExporterAsync();
        }
    }

    private async Task KillAgentsAsync(int count)
    {
        for (; count > 0; count--)
        {
            var at = _random.Next(_agents.Count);
            if (_agents[at].Process.HasExited)
            {
                Assert.Fail($"The agent ended by itself: {(await _agents[at].Process.EndAsync()).Said}");
            }

            await _agents[at].Process.DisposeAsync();
            _agents.RemoveAt(at);
        }
    }

    private async Task<(Uri Http, Uri Grpc)> StartExporterAsync()
    {
        await (_exporter?.DisposeAsync() ?? ValueTask.CompletedTask);
        _exporter = ExporterProcess.Start("--http-port", "0", "--grpc-port", "0", "--data", Data);
        return await _exporter.ReadyAsync();
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private string Diag(int runner) => Path.Combine(_folder.Path, Name(runner), "_diag");

    private string Spool(int runner) => Path.Combine(_folder.Path, Name(runner), "spool");

    private static string Name(int runner) => $"sim-{runner}";

    // A runner's lives follow each other, and none of them began longer ago than events are taken.
    private static DateTimeOffset Start(int round) => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-25).AddHours(5 * round).ToUnixTimeSeconds());
}
