using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Agent.Tests.Delivery;

public class RestartedAgentTests
{
    private static readonly DeliveryException Away = new(DeliveryProblem.Unavailable, "away");

    [Fact]
    public async Task Run_StoppedWhileTheCollectorIsAway_DeliversEverythingAfterwards()
    {
        await using var agent = new RunningAgent();
        agent.Collector.Fails = _ => Away;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Calls > 2, "some tries");
        Assert.Equal(0, await agent.StopAsync());
        agent.Collector.Fails = _ => null;
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
    }

    [Fact]
    public async Task Run_StoppedAfterADelivery_RepeatsNothing()
    {
        await using var agent = new RunningAgent();
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        await agent.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await agent.StopAsync());
        agent.Start();
        await agent.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, agent.Collector.Sent.Count);
        Assert.NotEmpty(agent.Collector.Heartbeats);
    }

    [Fact]
    public async Task Run_SpoolGone_RepeatsTheSameEvents()
    {
        await using var agent = new RunningAgent();
        agent.WriteJob();
        Assert.Equal(0, await agent.OnceAsync());
        Directory.Delete(agent.Spool, recursive: true);
        Assert.Equal(0, await agent.OnceAsync());
        var ids = agent.Collector.Sent.Select(sent => sent.EventId).ToList();
        Assert.Equal(4, ids.Count);
        Assert.Equal(ids.Take(2), ids.Skip(2));
    }

    [Fact]
    public async Task Run_StoppedAgainAndAgain_DeliversEveryJob()
    {
        await using var agent = new RunningAgent { BatchSize = 3 };
        var did = SimulatedHistory.Write(agent.Diag, 30, new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), seed: 9, Scenario.RunnerName);
        var random = new Random(9);
        agent.Collector.Fails = _ => random.Next(4) == 0 ? Away : null;
        for (var round = 0; Jobs(agent).Count < did.Count && round < 100; round++)
        {
            var before = agent.Collector.Calls;
            agent.Start();
            await agent.UntilAsync(() => agent.Collector.Calls > before + random.Next(8, 40) || Jobs(agent).Count == did.Count, "some calls");
            await agent.StopAsync();
        }

        var jobs = Jobs(agent);
        Assert.Equal(did.Select(job => job.JobId.ToString()).Order(), jobs.Select(sent => sent.JobCompleted.Job.JobId).Order());
        Assert.Equal(did.Count, jobs.Select(sent => sent.JobCompleted.Job.JobKey).Distinct().Count());
    }

    [Fact]
    public async Task Once_CollectorThere_DeliversEverythingAndEndsWith0()
    {
        await using var agent = new RunningAgent();
        agent.WriteJob();
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal(2, agent.Collector.Accepted.Count);
        Assert.Empty(agent.Collector.Heartbeats);
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal(2, agent.Collector.Sent.Count);
    }

    [Fact]
    public async Task Once_CollectorAway_EndsWith1AndLosesNothing()
    {
        await using var agent = new RunningAgent();
        agent.Collector.Fails = _ => Away;
        agent.WriteJob();
        Assert.Equal(1, await agent.OnceAsync());
        Assert.Contains(agent.Log.Lines, line => line.StartsWith("Error The collector http://127.0.0.1:9095/ did not accept all events", StringComparison.Ordinal));
        agent.Collector.Fails = _ => null;
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal(2, agent.Collector.Accepted.Count);
    }

    [Fact]
    public async Task Once_NoDiagFolder_EndsWith1()
    {
        await using var agent = new RunningAgent();
        Assert.Equal(1, await agent.OnceAsync());
        Assert.Contains($"Error There is no folder {agent.Diag}. Give --diag the runner's _diag folder; with --once it must exist.", agent.Log.Lines);
    }

    [Fact]
    public async Task Once_SpoolIsAFile_EndsWith1()
    {
        await using var agent = new RunningAgent();
        agent.WriteJob();
        File.WriteAllText(agent.Spool, "");
        Assert.Equal(1, await agent.OnceAsync());
        Assert.StartsWith($"Error Cannot use the folder {agent.Spool}: ", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
    }

    private static List<Event> Jobs(RunningAgent agent) =>
        [.. agent.Collector.Accepted.Where(sent => sent.JobCompleted is not null).DistinctBy(sent => sent.EventId)];
}
