using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>Two organisations have a runner of one name each, as their own settings say; nobody gave the agents a name.</summary>
public sealed class SameNameTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_TwoRunnersOfOneName_AreTwo()
    {
        var time = new OffsetTimeProvider(Start.AddDays(3));
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, time, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);

        await ReportAsync(exporter.Urls.Last(), "acme", jobs: 3, time);
        await ReportAsync(exporter.Urls.Last(), "other", jobs: 5, time);

        var scrape = await Scraped.ReadAsync(new Uri(exporter.Urls.First()), Cancelled);
        Assert.Equal(3, JobsOf(scrape, "acme"));
        Assert.Equal(5, JobsOf(scrape, "other"));
        Assert.Equal(8, scrape.Sum("github_runner_jobs_total"));
        await exporter.StopAsync(Cancelled);
    }

    private static double JobsOf(Scraped scrape, string owner) => scrape.SumWhere(series => series.StartsWith(
        $"github_runner_jobs_total{{runner_name=\"build-1\",runner_type=\"standard\",runner_scope=\"github.com/{owner}\"", StringComparison.Ordinal));

    private async Task ReportAsync(string collector, string owner, int jobs, TimeProvider time)
    {
        var diag = Path.Combine(_folder.Path, owner, "_diag");
        SimulatedHistory.Write(diag, jobs, Start, seed: jobs, "build-1", "standard");
        foreach (var log in Directory.EnumerateFiles(diag, "Runner_*.log"))
        {
            await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log, Cancelled)).Replace("https://github.com/acme\"", $"https://github.com/{owner}\"", StringComparison.Ordinal), Cancelled);
        }

        var options = new AgentOptions
        {
            Diag = diag,
            Spool = Path.Combine(_folder.Path, owner, "spool"),
            RunnerType = "standard",
            Collector = new Uri(collector),
            Once = true,
        };
        await Deliver.AllAsync(() => AgentApplication.RunAsync(options, NullLoggerFactory.Instance, time, Cancelled));
    }
}
