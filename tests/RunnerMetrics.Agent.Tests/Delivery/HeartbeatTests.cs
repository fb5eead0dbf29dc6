using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Agent.Tests.Delivery;

public class HeartbeatTests
{
    private const string Begins = "[2026-11-21 00:00:00Z INFO Listener] Version: 2.336.0\n";
    private const string Listens = "[2026-11-21 00:00:01Z INFO Terminal] WRITE LINE: 2026-11-21 00:00:01Z: Listening for Jobs\n";

    [Fact]
    public async Task Run_ListenerIdle_BeatsEvery10Seconds()
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + Listens);
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count == 3, "three heartbeats");
        var beats = agent.Collector.Heartbeats;
        Assert.All(beats, beat =>
        {
            Assert.Equal(State.Idle, beat.Heartbeat.State);
            Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), beat.Heartbeat.StartedAt.ToDateTimeOffset());
            Assert.Equal((Scenario.RunnerName, "chrome", "2.336.0", false), (beat.Runner.Name, beat.Runner.Type, beat.Runner.Version, beat.Runner.Ephemeral));
        });
        Assert.Distinct(beats.Select(beat => beat.EventId));
        Assert.Single(beats.Select(beat => beat.Runner.InstanceId).Distinct());
        Assert.InRange(beats[2].OccurredAt.ToDateTimeOffset() - beats[1].OccurredAt.ToDateTimeOffset(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Run_JobRuns_BeatsBusyAndThenIdle()
    {
        await using var agent = new RunningAgent();
        var end = SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        agent.Write(LogFolder.WorkerPage, SmallLog.Worker());
        agent.Write(LogFolder.ListenerPage, SmallLog.Listener()[..end]);
        agent.Start();
        await agent.UntilAsync(() => Last(agent) == State.Busy, "busy");
        agent.Write(LogFolder.ListenerPage, SmallLog.Listener()[end..]);
        await agent.UntilAsync(() => Last(agent) == State.Idle, "idle");
    }

    [Fact]
    public async Task Run_ListenerCannotReachGitHub_BeatsDisconnectedUntilItCan()
    {
        await using var agent = new RunningAgent();
        agent.Write(
            LogFolder.ListenerPage,
            Begins + Listens + "[2026-11-21 01:00:05Z INFO Terminal] WRITE ERROR: 2026-11-21 01:00:05Z: Runner connect error: Name or service not known. Retrying until reconnected.\n");
        agent.Start();
        await agent.UntilAsync(() => Last(agent) == State.Disconnected, "disconnected");
        agent.Write(LogFolder.ListenerPage, "[2026-11-21 01:00:30Z INFO Terminal] WRITE LINE: 2026-11-21 01:00:30Z: Runner reconnected.\n");
        await agent.UntilAsync(() => Last(agent) == State.Idle, "idle");
    }

    // Nobody holds the log, and nothing comes: a folder of a runner that is long gone.
    [Fact]
    public async Task Run_LogThatNobodyWrites_NeverBeats()
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + Listens);
        agent.Kill(LogFolder.ListenerPage);
        agent.Start();
        await agent.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(agent.Collector.Heartbeats);
    }

    [Fact]
    public async Task Run_ListenerKilled_BeatsNoMore()
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + Listens);
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count == 1, "a heartbeat");
        agent.Kill(LogFolder.ListenerPage);
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 1, "the end");
        var before = agent.Collector.Heartbeats.Count;
        await agent.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(before, agent.Collector.Heartbeats.Count);
    }

    // A poll that fails is tried again, and says so when it fails again; that it worked is not logged.
    [Fact]
    public async Task Run_ListenerSaysNoMoreThatItCannotReachGitHub_BeatsIdleAgain()
    {
        await using var agent = new RunningAgent();
        agent.Write(
            LogFolder.ListenerPage,
            Begins + Listens + "[2026-11-21 00:05:05Z INFO Terminal] WRITE ERROR: 2026-11-21 00:05:05Z: Runner connect error: timeout. Retrying until reconnected.\n"
            + "[2026-11-21 00:05:05Z INFO BrokerMessageListener] Sleeping for 20.5 seconds before retrying.\n");
        agent.Start();
        await agent.UntilAsync(() => Last(agent) == State.Idle, "idle");
        Assert.InRange(
            agent.Collector.Heartbeats.Last(beat => beat.Heartbeat.State == State.Disconnected).OccurredAt.ToDateTimeOffset(),
            new DateTimeOffset(2026, 11, 21, 0, 6, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 11, 21, 0, 7, 26, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("Runner execution has finished with return code 0")]
    [InlineData("Runner execution been cancelled.")]
    public async Task Run_ListenerStops_SaysSoAndBeatsNoMore(string lastWords)
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + Listens);
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count == 1, "a heartbeat");
        agent.Write(LogFolder.ListenerPage, $"[2026-11-21 00:00:20Z INFO Listener] {lastWords}\n");
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 1, "the end");
        Assert.Equal(lastWords, agent.Collector.Accepted[0].Stopped.Reason);
        Assert.Equal(agent.Collector.Heartbeats[0].Runner, agent.Collector.Accepted[0].Runner);
        var before = agent.Collector.Heartbeats.Count;
        await agent.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(before, agent.Collector.Heartbeats.Count);
    }

    [Fact]
    public async Task Run_ListenerStartsAgain_BeatsForTheNewLife()
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + Listens);
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count == 1, "a heartbeat");
        agent.Write("Runner_20261121-000100-utc.log", (Begins + Listens).Replace("00:00:0", "00:01:0", StringComparison.Ordinal));
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Select(beat => beat.Runner.InstanceId).Distinct().Count() == 2, "a second life");
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 1, 0, TimeSpan.Zero), agent.Collector.Heartbeats[^1].Heartbeat.StartedAt.ToDateTimeOffset());
    }

    [Fact]
    public async Task Run_ListenerThatOnlyConfigures_NeverBeats()
    {
        await using var agent = new RunningAgent();
        agent.Write(LogFolder.ListenerPage, Begins + "[2026-11-21 00:00:01Z INFO ConfigurationManager] ConfigureAsync\n");
        agent.Start();
        await agent.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(agent.Collector.Heartbeats);
    }

    [Fact]
    public async Task Run_HeartbeatIsNotTaken_IsNotSentAgainAndHoldsNothingUp()
    {
        await using var agent = new RunningAgent();
        agent.Collector.HeartbeatFails = () => new DeliveryException(DeliveryProblem.Unavailable, "away");
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count == 3 && agent.Collector.Accepted.Count == 2, "three heartbeats and a job");
        Assert.Distinct(agent.Collector.Heartbeats.Select(beat => beat.EventId));
    }

    private static State? Last(RunningAgent agent) => agent.Collector.Heartbeats is [.., { } last] ? last.Heartbeat.State : null;
}
