using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Tests.Fuzzing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>What the reader did not withstand once, each by itself; <see cref="DiagFuzzTests"/> looks for more.</summary>
public class SpoiltLogTests
{
    private static readonly EventFactory Factory = new(RunnerSettings.Unknown with { Name = Scenario.RunnerName }, "standard");

    [Theory]
    [InlineData("0001-01-01 00:00:00")]
    [InlineData("9999-12-31 23:59:59")]
    public void Read_LineAtTheCalendarsEnd_IsNoMessage(string time)
    {
        var lines = SmallLog.Listener().Split('\n').ToList();
        for (var at = 0; at < lines.Count; at++)
        {
            var spoilt = lines.ToList();
            spoilt[at] = spoilt[at].Replace(spoilt[at].Length > 20 ? spoilt[at][1..20] : "-", time, StringComparison.Ordinal);
            var events = Read(string.Join('\n', spoilt), SmallLog.Worker());
            Assert.All(events, happened => Assert.Equal(2026, happened.At.Year));
        }
    }

    [Fact]
    public void From_ClockSetWhileTheJobRan_ReportsItWithoutAStart()
    {
        var listener = SmallLog.Listener();
        var end = listener.IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        var events = Read(listener[..end].Replace("2026", "1970", StringComparison.Ordinal) + listener[end..], SmallLog.Worker());
        var completed = Factory.From(Assert.Single(events.OfType<JobEnded>())).JobCompleted;
        Assert.Equal(RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion.Success, completed.Conclusion);
        Assert.Null(completed.StartedAt);
        Assert.Null(completed.StepsStartedAt);
        Assert.Equal(new DateTime(2026, 11, 21, 0, 0, 9, DateTimeKind.Utc), completed.CompletedAt.ToDateTime());
    }

    [Theory]
    [InlineData("2.336.0", "2.336.0")]
    [InlineData("2.3\u000736.0", "")]
    [InlineData("2.336.0\u0085x", "")]
    public void From_VersionWithAControlCharacter_IsNotKnown(string said, string told)
    {
        var events = Read(SmallLog.Listener().Replace("Version: 2.336.0", $"Version: {said}", StringComparison.Ordinal), SmallLog.Worker());
        Assert.NotEmpty(events);
        Assert.All(events, happened => Assert.Equal(told, Factory.From(happened).Runner.Version));
    }

    // Each of the two follows at once on what is in the other, and neither says whose they are.
    [Fact]
    public async Task Read_PagesOfAWorkerWithoutAJob_AreReadOnce()
    {
        const string Page = "[2026-11-21 00:00:04Z INFO HostContext] -\n[2026-11-21 00:00:04Z INFO JobRunner] -\n";
        var folder = new MemoryFolder().With(new MemoryLog(
            (LogFolder.ListenerPage, SmallLog.Listener()),
            (LogFolder.WorkerPage, SmallLog.Worker()[..SmallLog.Worker().IndexOf('\n', StringComparison.Ordinal)] + "\n"),
            ("Worker_20261121-000004-utc.log", Page),
            ("Worker_20261121-000005-utc.log", Page)));
        var events = new List<DiagEvent>();
        await Fuzz.RunAsync(1, long.MaxValue, _ => folder, (logs, _) => events.AddRange(logs.ReadOnce()));
        Assert.Equal(["success"], events.Verdicts());
    }

    private static List<DiagEvent> Read(string listener, string worker) =>
        new MemoryFolder().With(new MemoryLog((LogFolder.ListenerPage, listener), (LogFolder.WorkerPage, worker))).ReadOnce();
}
