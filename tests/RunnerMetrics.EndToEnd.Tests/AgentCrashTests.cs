using Microsoft.Extensions.Logging;
using RunnerMetrics.Core.Jobs;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.EndToEnd.Tests;

/// <summary>The agent's own process, killed at random moments while it reads and delivers: every job arrives, once.</summary>
public sealed class AgentCrashTests : IDisposable
{
    private const int Kills = 25;
    private const int JobsPerLife = 8;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runner-metrics-crash-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Diag => Path.Combine(_folder.FullName, "_diag");

    private string Spool => Path.Combine(_folder.FullName, "spool");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kill_AtRandomMoments_DeliversEveryEventUnderOneNumber()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL on Windows.");
        await using var collector = await RecordingCollector.StartAsync(seed: 1);
        collector.FailsOneOf = 4;
        var did = await KillAgainAndAgainAsync(collector.Address, () => collector.Taken.Count, seed: 1);
        Assert.InRange(collector.Taken.Count, 20, int.MaxValue);
        collector.FailsOneOf = 0;
        await DeliverTheRestAsync(collector.Address);

        Assert.Empty(collector.Contradictions);
        var completed = collector.Taken.Where(e => e.JobCompleted is not null).Select(e => e.JobCompleted.Job).ToList();
        Assert.Equal(did.Select(job => $"{job.JobId}").Order(), completed.Select(job => job.JobId).Order());
        var repeated = collector.Taken.GroupBy(e => e.EventId).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        Assert.True(repeated.Count == 0, $"Delivered under several numbers: {string.Join(", ", repeated)}");
    }

    [Fact]
    public async Task Kill_AtRandomMoments_CountsEveryJobOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL on Windows.");
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, TimeProvider.System, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        var (http, grpc) = (new Uri(exporter.Urls.First()), new Uri(exporter.Urls.Last()));
        var did = await KillAgainAndAgainAsync(grpc, () => 0, seed: 2);
        await DeliverTheRestAsync(grpc);

        var scrape = await Scrape.ReadAsync(http, Cancelled);
        foreach (var (conclusion, status) in new[]
        {
            (JobConclusion.Success, "success"), (JobConclusion.Failed, "failed"), (JobConclusion.Cancelled, "cancelled"), (JobConclusion.Lost, "lost"),
        })
        {
            Assert.Equal(
                did.Count(job => job.Conclusion == conclusion),
                scrape.Value($"github_runner_jobs_total{{runner_name=\"sim\",runner_type=\"standard\",status=\"{status}\"}}"));
        }

        Assert.Equal(0, scrape.Sum("github_runner_job_corrections_total"));
        await exporter.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Terminate_WithEventsUnderWay_EndsIn5SecondsWithEverythingDelivered()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        await using var collector = await RecordingCollector.StartAsync(seed: 3);
        var did = SimulatedHistory.Write(Diag, 20, Start(0), seed: 3, "sim");
        await using var agent = AgentProcess.Start(Diag, Spool, collector.Address);
        await Wait.UntilAsync(() => Task.FromResult(collector.Taken.Count > 0), () => "The agent delivers nothing.", Cancelled);
        agent.Signal("TERM");
        var told = TimeProvider.System.GetTimestamp();
        var (exitCode, said) = await agent.EndAsync();
        var took = TimeProvider.System.GetElapsedTime(told);
        Assert.True(exitCode == 0, said);
        Assert.True(took < TimeSpan.FromSeconds(5), $"It took {took.TotalSeconds:F1} s to end.");
        Assert.Equal(did.Count, collector.Taken.Count(e => e.JobCompleted is not null));
    }

    [Fact]
    public async Task Start_SecondAgentOnTheSameSpool_SaysSoAndEndsWith1()
    {
        await using var collector = await RecordingCollector.StartAsync(seed: 4);
        SimulatedHistory.Write(Diag, 1, Start(0), seed: 4, "sim");
        await using var agent = AgentProcess.Start(Diag, Spool, collector.Address);
        await Wait.UntilAsync(() => Task.FromResult(collector.Taken.Count > 0), () => "The agent delivers nothing.", Cancelled);
        await using var second = AgentProcess.Start(Diag, Spool, collector.Address);
        var (exitCode, said) = await second.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("in use by another agent", said, StringComparison.Ordinal);
        Assert.False(agent.HasExited, "The first agent ended.");
    }

    private static DateTimeOffset Start(int life) => DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddDays(-25).AddHours(16 * life).ToUnixTimeSeconds());

    // The logs grow from kill to kill; the moment of each is told by a time, or by what arrived.
    private async Task<List<SimulatedJob>> KillAgainAndAgainAsync(Uri collector, Func<int> arrived, int seed)
    {
        var random = new Random(seed);
        var did = new List<SimulatedJob>();
        for (var life = 0; life < Kills; life++)
        {
            did.AddRange(SimulatedHistory.Write(Diag, JobsPerLife, Start(life), (100 * seed) + life, "sim"));
            await using var agent = AgentProcess.Start(Diag, Spool, collector);
            var before = arrived();
            var moment = TimeSpan.FromMilliseconds(random.Next(100, 1200));
            var started = TimeProvider.System.GetTimestamp();
            await Wait.UntilAsync(
                () => Task.FromResult(agent.HasExited || arrived() > before + 2 || TimeProvider.System.GetElapsedTime(started) > moment),
                () => "The moment does not come.",
                Cancelled);
            Assert.False(agent.HasExited, "The agent ended by itself.");
            await agent.KillAsync();
        }

        return did;
    }

    private async Task DeliverTheRestAsync(Uri collector)
    {
        await using var agent = AgentProcess.Start(Diag, Spool, collector, "--once");
        var (exitCode, said) = await agent.EndAsync();
        Assert.True(exitCode == 0, said);
    }
}
