using RunnerMetrics.EndToEnd.Tests.Processes;
using RunnerMetrics.EndToEnd.Tests.Runners;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Crashes;

/// <summary>The agent's own process, killed at random moments while it reads and delivers: every job arrives, once.</summary>
public sealed class AgentCrashTests : IDisposable
{
    private static readonly int Kills = LongProof.Of(slice: 20, whole: 100);
    private const int JobsPerLife = 3;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Diag => Path.Combine(_folder.Path, "_diag");

    private string Spool => Path.Combine(_folder.Path, "spool");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_AtRandomMoments_DeliversEveryEventUnderOneNumber()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL on Windows.");
        await using var collector = await RecordingCollector.StartAsync(seed: 1);
        collector.FailsOneOf = 4;
        var did = await KillAgainAndAgainAsync(collector);
        collector.FailsOneOf = 0;
        await DeliverTheRestAsync(collector.Address);

        Assert.Empty(collector.Contradictions);
        var completed = collector.Taken.Where(e => e.JobCompleted is not null).Select(e => e.JobCompleted.Job).ToList();
        Assert.Equal(did.Select(job => $"{job.JobId}").Order(), completed.Select(job => job.JobId).Order());
        var repeated = collector.Taken.GroupBy(e => e.EventId).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key} ({string.Join(" and ", same.Select(e => $"{e.Sequence}: {e.OccurredAt}"))}, of {collector.Taken.Count})").ToList();
        Assert.True(repeated.Count == 0, $"Delivered under several numbers: {string.Join(", ", repeated)}");
    }

    [Fact]
    public async Task Terminate_WithEventsUnderWay_EndsWithEverythingDelivered()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        await using var collector = await RecordingCollector.StartAsync(seed: 3);
        var did = SimulatedHistory.Write(Diag, 20, Start(0), seed: 3, "sim");
        await using var agent = AgentProcess.Start("sim", Diag, Spool, collector.Address, "--flush-timeout", "60s");
        await Wait.UntilAsync(() => Task.FromResult(collector.Taken.Count > 0), () => "The agent delivers nothing.", Cancelled);
        await agent.SignalAsync("TERM");
        var run = await agent.EndAsync();
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal(did.Count, collector.Taken.Count(e => e.JobCompleted is not null));
    }

    [Fact]
    public async Task Start_SecondAgentOnTheSameSpool_SaysSoAndEndsWith1()
    {
        await using var collector = await RecordingCollector.StartAsync(seed: 4);
        SimulatedHistory.Write(Diag, 1, Start(0), seed: 4, "sim");
        await using var agent = AgentProcess.Start("sim", Diag, Spool, collector.Address);
        await Wait.UntilAsync(() => Task.FromResult(collector.Taken.Count > 0), () => "The agent delivers nothing.", Cancelled);
        await using var second = AgentProcess.Start("sim", Diag, Spool, collector.Address);
        var run = await second.EndAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("in use by another agent", run.Said, StringComparison.Ordinal);
        Assert.False(agent.HasExited, "The first agent ended.");
    }

    private static DateTimeOffset Start(int life) => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-25).AddHours(5 * life).ToUnixTimeSeconds());

    // The logs grow from kill to kill; the moment of each is told by a time, or by what arrived.
    private async Task<List<SimulatedJob>> KillAgainAndAgainAsync(RecordingCollector collector)
    {
        var random = new Random(1);
        var did = new List<SimulatedJob>();
        var early = 0;
        for (var life = 0; life < Kills; life++)
        {
            did.AddRange(SimulatedHistory.Write(Diag, JobsPerLife, Start(life), life, "sim"));

            // However fast the agent is, some kills find everything undelivered.
            collector.IsAway = life % 5 == 0;
            await using var agent = AgentProcess.Start("sim", Diag, Spool, collector.Address);
            var before = collector.Taken.Count;
            var moment = TimeSpan.FromMilliseconds(random.Next(100, 1200));
            var started = TimeProvider.System.GetTimestamp();
            await Wait.UntilAsync(
                () => Task.FromResult(agent.HasExited || collector.Taken.Count > before + 2 || TimeProvider.System.GetElapsedTime(started) > moment),
                () => "The moment does not come.",
                Cancelled);
            Assert.False(agent.HasExited, "The agent ended by itself.");
            await agent.KillAsync();
            early += collector.Taken.Count(e => e.JobCompleted is not null) < did.Count ? 1 : 0;
        }

        collector.IsAway = false;
        Assert.True(early > 0, "No kill came before everything was delivered.");
        return did;
    }

    private Task DeliverTheRestAsync(Uri collector) => Deliver.AllAsync(() => AgentProcess.RunOnceAsync("sim", Diag, Spool, collector));
}
