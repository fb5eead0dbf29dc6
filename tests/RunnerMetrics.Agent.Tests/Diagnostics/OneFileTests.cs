using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Two processes that begin within one second write into one file: its name is all that they agree on.</summary>
public class OneFileTests
{
    private const string Page = "Runner_20261121-000000-utc.log";
    private const string WorkerPage = "Worker_20261121-000003-utc.log";
    private const string Asked =
        "[2026-11-21 00:00:00Z INFO Listener] Runner is built for Linux (X64) - linux-x64.\n[2026-11-21 00:00:00Z INFO Listener] Version: 2.336.0\n"
        + "[2026-11-21 00:00:00Z INFO Listener] Runner execution has finished with return code 0\n";

    public static TheoryData<int> Lines => [.. Enumerable.Range(0, SmallLog.Listener().Split('\n').Length)];

    // Wherever the other process's lines come: nothing is concluded from them.
    [Theory]
    [MemberData(nameof(Lines))]
    public void Read_VersionAskedInTheSameSecond_ChangesNothing(int line)
    {
        var lines = SmallLog.Listener().Split('\n');
        var text = string.Join('\n', [.. lines.Take(line), Asked.TrimEnd('\n'), .. lines.Skip(line)]);
        var events = Scenario.Read(new MemoryLog((Page, text)), new MemoryLog((WorkerPage, SmallLog.Worker())));
        Assert.Equal(["success"], events.Verdicts());
        Assert.DoesNotContain(events, told => told is ListenerEnded);
    }

    [Fact]
    public void Read_ListenerRestartedInTheSameSecond_IsAnotherLife()
    {
        var first = SmallLog.Listener() + "[2026-11-21 00:00:09Z INFO Listener] Runner execution has finished with return code 2\n";
        var second = SmallLog.Listener().Replace("00:00:0", "00:01:0", StringComparison.Ordinal);
        var workers = new MemoryLog((WorkerPage, SmallLog.Worker()), ("Worker_20261121-000103-utc.log", SmallLog.Worker().Replace("00:00:0", "00:01:0", StringComparison.Ordinal)));
        var events = Scenario.Read(new MemoryLog((Page, first + second)), workers);
        Assert.Equal(["success", "success"], events.Verdicts());
        Assert.Equal(2, events.Select(told => told.Life!.InstanceId).Distinct().Count());
    }

    [Fact]
    public void Read_TwoListenersAndOneGuidAtOnceInTwoFiles_AreJoinedToTheirOwnWorkers()
    {
        var folder = new MemoryFolder();
        folder.Append(Page, System.Text.Encoding.UTF8.GetBytes(SmallLog.Listener()));
        folder.Append(WorkerPage, System.Text.Encoding.UTF8.GetBytes(SmallLog.Worker()));
        folder.Append("Runner_20261121-010000-utc.log", System.Text.Encoding.UTF8.GetBytes(SmallLog.Listener(result: "Failed", exitCode: 102).Replace(" 00:00:0", " 01:00:0", StringComparison.Ordinal)));
        folder.Append("Worker_20261121-010003-utc.log", System.Text.Encoding.UTF8.GetBytes(SmallLog.Worker(result: "Failed").Replace(" 00:00:0", " 01:00:0", StringComparison.Ordinal)));
        Assert.Equal(["success", "failed/unknown"], folder.ReadOnce().Verdicts());
    }
}
