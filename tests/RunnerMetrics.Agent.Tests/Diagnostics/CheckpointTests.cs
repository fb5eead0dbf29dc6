using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class CheckpointTests
{
    [Fact]
    public void Place_WrittenToTheSpool_IsTheSame()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Read();
        Assert.NotNull(diag.Checkpoint.Life);
        var disconnected = diag.Checkpoint with { Life = diag.Checkpoint.Life with { DisconnectedUntil = new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero) } };
        foreach (var place in new[] { diag.Checkpoint, disconnected, diag.Checkpoint with { Life = null } })
        {
            Assert.Equal(place, SpoolPlace.ToCheckpoint(SpoolPlace.ToPlace(place)));
        }
    }

    [Fact]
    public void Read_FromACheckpoint_GoesOnThere()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Read();
        diag.Events.Clear();
        diag.Restart(diag.Checkpoint);
        Assert.Empty(diag.Read(final: true));
        diag.Write(LogFolder.ListenerPage, "[2026-11-21 00:00:10Z INFO Listener] Runner execution been cancelled.\n");
        diag.Read();
        Assert.IsType<ListenerEnded>(Assert.Single(diag.Events));
    }

    [Fact]
    public void Read_CheckpointsListenerLogGone_ReadsEverythingThatIsThere()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Restart(new DiagCheckpoint(new LogPosition("Runner_20261231-000000-utc.log", 5), new LogPosition("Worker_20261231-000000-utc.log", 5), null));
        Assert.Equal(["success"], diag.Read(final: true));
        Assert.StartsWith("Warning The log Runner_20261231-000000-utc.log", Assert.Single(diag.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CheckpointsWorkerLogGone_GoesOn()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Restart(new DiagCheckpoint(new LogPosition(LogFolder.ListenerPage, 0), new LogPosition("Worker_20261101-000000-utc.log", 5), null));
        Assert.Equal(["success"], diag.Read(final: true));
        Assert.Equal("büild", diag.Events.OfType<JobEnded>().Single().Job.Name);
        Assert.Empty(diag.Log.Lines);
    }

    [Fact]
    public void Read_CheckpointBeyondTheFilesEnd_ReadsEverythingThatIsThere()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Restart(new DiagCheckpoint(new LogPosition(LogFolder.ListenerPage, 1_000_000), new LogPosition(LogFolder.WorkerPage, 5), null));
        Assert.Equal(["success"], diag.Read(final: true));
    }
}
