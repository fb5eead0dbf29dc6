using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class EndOfListenerTests
{
    private const string Begins = "[2026-11-21 01:00:00Z INFO Listener] Version: 2.336.0\n";
    private const string Restart = Begins + "[2026-11-21 01:00:01Z INFO Terminal] WRITE LINE: 2026-11-21 01:00:01Z: Listening for Jobs\n";
    private static readonly string Finish = $"[2026-11-21 00:00:09Z INFO JobDispatcher] finish job request for job {SmallLog.Job}";

    [Fact]
    public void Read_ListenerRestartedWithAJobUnfinished_IsLost()
    {
        var cut = SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        var events = Read(SmallLog.Listener()[..cut] + Restart, SmallLog.Worker().Split("[2026-11-21 00:00:08Z")[0]);
        Assert.Equal(["lost/runner"], events.Verdicts());
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero), events[^1].At);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), events[^1].Life?.StartedAt);
    }

    [Fact]
    public void Read_ListenerGoneAndNotRestarted_SaysNothingOfTheJobsEnd()
    {
        var cut = SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        Assert.IsType<JobBegan>(Assert.Single(Read(SmallLog.Listener()[..cut], SmallLog.Worker())));
    }

    // The listener was killed in the second in which its worker ended.
    [Theory]
    [InlineData("Succeeded", "success")]
    [InlineData("Canceled", "cancelled")]
    [InlineData("Failed", "failed/unknown")]
    public void Read_ListenerRestartedAfterTheWorkersWord_BelievesTheWorker(string result, string verdict)
    {
        var cut = SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        var events = Read(SmallLog.Listener()[..cut] + Restart, SmallLog.Worker(result: result) + "[2026-11-21 00:00:08Z INFO Worker] Job completed.\n");
        Assert.Equal([verdict], events.Verdicts());
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 8, TimeSpan.Zero), events[^1].At);
        Assert.Equal(["lost/runner"], Read(SmallLog.Listener()[..cut] + Restart, SmallLog.Worker(result: result)).Verdicts());
    }

    // The worker says the result before it tells GitHub, so by itself that is nobody's word.
    [Fact]
    public void Read_ListenerRestartedInAFileOfItsOwn_IsLostToo()
    {
        var cut = SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal);
        var listeners = new MemoryLog(("Runner_20261121-000000-utc.log", SmallLog.Listener()[..cut]), ("Runner_20261121-010000-utc.log", Restart));
        var events = Scenario.Read(listeners, new MemoryLog(("Worker_20261121-000003-utc.log", SmallLog.Worker())));
        Assert.Equal(["lost/runner"], events.Verdicts());
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero), events[^1].At);
    }

    [Theory]
    [InlineData("[2026-11-21 00:00:04Z INFO HostContext] Runner will be shutdown for OperatingSystemShutdown\n")]
    [InlineData("[2026-11-21 00:00:04Z INFO Terminal] WRITE LINE: Exiting...\n")]
    [InlineData("[2026-11-21 00:00:04Z INFO JobDispatcher] Shutting down JobDispatcher. Make sure all WorkerDispatcher has finished.\n")]
    public void Read_RunnerShutDownUnderAJob_BelievesTheWorkerAndBlamesTheRunner(string shutdown)
    {
        var listener = SmallLog.Listener(result: "Canceled", exitCode: 102)
            .Replace("[2026-11-21 00:00:09Z INFO JobDispatcher] Worker finished", shutdown + "[2026-11-21 00:00:09Z INFO JobDispatcher] Worker finished", StringComparison.Ordinal);
        Assert.Equal(["failed/runner"], Read(listener, SmallLog.Worker(result: "Failed")).Verdicts());
        Assert.Equal(["failed/runner"], Read(listener, "").Verdicts());
        Assert.Equal(["failed/runner"], Read(listener.Replace(" Code: 102", "", StringComparison.Ordinal), "").Verdicts());
        Assert.Equal(["failed/runner"], Read(listener, SmallLog.Worker(result: "Succeeded")).Verdicts());
        Assert.Equal(["success"], Read(listener.Replace(" Code: 102", " Code: 100", StringComparison.Ordinal), SmallLog.Worker(result: "Succeeded")).Verdicts());
    }

    [Theory]
    [InlineData(100, "success")]
    [InlineData(102, "failed/unknown")]
    [InlineData(101, "success")]
    [InlineData(103, "cancelled")]
    [InlineData(104, "cancelled")]
    [InlineData(105, "failed/runner")]
    [InlineData(-1073741510, "failed/runner")]
    [InlineData(137, "failed/runner")]
    [InlineData(1, "failed/runner")]
    public void Read_ExitCodeAndNoWordOfTheWorker_ConcludesByIt(int exitCode, string verdict)
    {
        Assert.Equal([verdict], Read(SmallLog.Listener(result: "Failed", exitCode: exitCode), "").Verdicts());
        var process = "[2026-11-21 00:00:03Z INFO ProcessInvokerWrapper]   File name: '/home/runner/bin/Runner.Worker'\n"
            + "[2026-11-21 00:00:03Z INFO ProcessInvokerWrapper] Process started with process id 7, waiting for process exit.\n"
            + $"[2026-11-21 00:00:08Z INFO ProcessInvokerWrapper] Finished process 7 with exit code {exitCode}, and elapsed time 00:00:05.\n"
            + "[2026-11-21 00:00:08Z INFO ProcessInvokerWrapper] Finished process 8 with exit code 100, and elapsed time 00:00:05.\n";
        var worker = $"[2026-11-21 00:00:09Z INFO JobDispatcher] Worker finished for job {SmallLog.Job}. Code: {exitCode}\n";
        Assert.Equal([verdict], Read(SmallLog.Listener(result: "Failed", exitCode: exitCode).Replace(worker, process, StringComparison.Ordinal), "").Verdicts());
    }

    [Theory]
    [InlineData("Succeeded", "success")]
    [InlineData("SucceededWithIssues", "success")]
    [InlineData("Failed", "failed/unknown")]
    [InlineData("Canceled", "cancelled")]
    [InlineData("Skipped", "cancelled")]
    [InlineData("Abandoned", "failed/runner")]
    [InlineData("0", "lost/runner")]
    [InlineData("Splendid", "lost/runner")]
    public void Read_OnlyTheListenersWord_ConcludesByIt(string result, string verdict)
    {
        var listener = SmallLog.Listener(result: result).Replace(" Code: 100", "", StringComparison.Ordinal);
        Assert.Contains(Finish, listener, StringComparison.Ordinal);
        Assert.Equal([verdict], Read(listener, "").Verdicts());
    }

    [Theory]
    [InlineData("Runner execution has finished with return code 0")]
    [InlineData("Runner execution been cancelled.")]
    public void Read_ListenerEndsItself_SaysSoOnce(string lastWords)
    {
        var events = Read(SmallLog.Listener() + $"[2026-11-21 00:00:10Z INFO Listener] {lastWords}\n", SmallLog.Worker());
        var ended = Assert.IsType<ListenerEnded>(events[^1]);
        Assert.Equal(lastWords, ended.Reason);
        Assert.True(ended.Of is { Stopped: true, Busy: false });
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public void Read_ListenerThatNeverListenedEnds_SaysNothing() =>
        Assert.Empty(Read(Begins + "[2026-11-21 01:00:01Z INFO Listener] Runner execution has finished with return code 0\n", ""));

    private static List<DiagEvent> Read(string listener, string worker) =>
        Scenario.Read(new MemoryLog(("Runner_1", listener)), new MemoryLog(("Worker_1", worker)));
}
