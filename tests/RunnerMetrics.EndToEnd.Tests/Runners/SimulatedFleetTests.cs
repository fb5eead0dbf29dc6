using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>What simulated runners did is what the real agent reads in their logs, and what the exporter counts.</summary>
public sealed class SimulatedFleetTests : IDisposable
{
    private const int Jobs = 120;
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("standard", 1, 8 * 1024 * 1024)]
    [InlineData("chrome", 2, 100_000)]
    [InlineData("chrome-go", 3, 20_000)]
    public async Task Metrics_OfASimulatedHistory_AreWhatTheRunnerDid(string type, int seed, int pageBytes)
    {
        var diag = Path.Combine(_folder.Path, "_diag");
        var did = SimulatedHistory.Write(diag, Jobs, Start, seed, "sim", type, pageBytes);
        var time = new OffsetTimeProvider(Start.AddDays(3));
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, time, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);

        var options = new AgentOptions
        {
            Diag = diag,
            Spool = Path.Combine(_folder.Path, "spool"),
            RunnerName = "sim",
            RunnerType = type,
            Collector = new Uri(exporter.Urls.Last()),
            Once = true,
        };
        await Deliver.AllAsync(() => AgentApplication.RunAsync(options, NullLoggerFactory.Instance, time, Cancelled));
        AssertIsWhatItDid(await Scraped.ReadAsync(new Uri(exporter.Urls.First()), Cancelled), did, type);

        // Read again from the beginning, by an agent that remembers nothing: nothing is counted twice.
        Directory.Delete(options.Spool, recursive: true);
        await Deliver.AllAsync(() => AgentApplication.RunAsync(options, NullLoggerFactory.Instance, time, Cancelled));
        AssertIsWhatItDid(await Scraped.ReadAsync(new Uri(exporter.Urls.First()), Cancelled), did, type);
        await exporter.StopAsync(Cancelled);
    }

    private static void AssertIsWhatItDid(Scraped scrape, IReadOnlyList<SimulatedJob> did, string type)
    {
        Assert.Equal(Jobs, did.Count);
        Assert.Contains(did, job => job.Conclusion == JobConclusion.Failed);
        SimulatedCounts.AssertAre(scrape, "sim", type, did);
        Assert.Equal(0, scrape.Sum("github_runner_jobs_unresolved"));
        Assert.Equal(0, scrape.Sum("github_runner_job_corrections_total"));
    }
}
