namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>A listener that ends without a word, as the lock on its log tells. A file that is open in this process stands for one in the listener's.</summary>
public sealed class KilledListenerTests : IDisposable
{
    private static readonly string Unfinished = SmallLog.Listener()[..SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal)];
    private static readonly string Idle = Unfinished[..Unfinished.IndexOf("[2026-11-21 00:00:02Z", StringComparison.Ordinal)];

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ListenerKilledInAJob_SaysThatItEndedAndTheJobIsLost()
    {
        SkipOnWindows();
        _folder.Write(LogFolder.ListenerPage, Unfinished);
        using (Open(LogFolder.ListenerPage))
        {
            Pass(seconds: 60);
            Assert.Empty(_folder.Events.Verdicts());
            Assert.True(_folder.Life!.Busy);
        }

        var killedAt = _folder.Time.GetUtcNow();
        Pass(seconds: 15);
        Assert.Equal(["lost/runner"], _folder.Events.Verdicts());
        Assert.True(_folder.Life is { Stopped: true, Busy: false });
        Assert.IsType<RunnerMetrics.Agent.Diagnostics.ListenerEnded>(_folder.Events[^1]);
        Assert.InRange(_folder.Events[^1].At, killedAt.AddSeconds(-1), killedAt.AddSeconds(15));
        Pass(seconds: 60);
        Assert.Single(_folder.Events.Verdicts());
    }

    [Fact]
    public void Read_ListenerKilledAndItsWorkerGoesOn_WaitsForTheWorker()
    {
        SkipOnWindows();
        _folder.Write(LogFolder.ListenerPage, Unfinished);
        _folder.Write(LogFolder.WorkerPage, SmallLog.Worker().Split("[2026-11-21 00:00:08Z")[0]);
        using (Open(LogFolder.WorkerPage))
        {
            using (Open(LogFolder.ListenerPage))
            {
                Pass(seconds: 20);
            }

            Pass(seconds: 60);
            Assert.Empty(_folder.Events.Verdicts());
            _folder.Write(LogFolder.WorkerPage, "[2026-11-21 00:00:08Z INFO JobRunner] Job result after all job steps finish: Succeeded\n[2026-11-21 00:00:08Z INFO Worker] Job completed.\n");
        }

        Pass(seconds: 15);
        Assert.Equal(["success"], _folder.Events.Verdicts());
    }

    [Fact]
    public void Read_NextPageOfTheSameListener_IsNoEnd()
    {
        SkipOnWindows();
        // Made by the clock that the line before was written by.
        const string NextPage = "Runner_20261121-000001-utc.log";
        _folder.Write(LogFolder.ListenerPage, Idle);
        using (Open(LogFolder.ListenerPage))
        {
            Pass(seconds: 20);
        }

        _folder.Write(NextPage, "[2026-11-21 01:00:00Z INFO Terminal] nothing new\n");
        using var next = Open(NextPage);
        Pass(seconds: 60);
        Assert.True(_folder.Life is { Stopped: false });
        Assert.DoesNotContain(_folder.Events, happened => happened is RunnerMetrics.Agent.Diagnostics.ListenerEnded);
    }

    // Where a file system has no locks, or the listener was gone before: nothing is known.
    [Fact]
    public void Read_LockNeverSeen_SaysNothing()
    {
        _folder.Write(LogFolder.ListenerPage, Unfinished);
        Pass(seconds: 120);
        Assert.Empty(_folder.Events.Verdicts());
        Assert.True(_folder.Life is { Stopped: false, Busy: true });
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no flock.");

    // As actions/runner, HostTraceListener.cs opens it.
    private FileStream Open(string page) => new(_folder.File(page), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 4096);

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _folder.Read();
            _folder.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
