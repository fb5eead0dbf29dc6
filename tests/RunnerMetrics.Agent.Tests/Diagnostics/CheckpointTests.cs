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
        diag.Write("Runner_20261120-000000-utc.log", "[2026-11-20 00:00:00Z INFO Listener] Version: 2.336.0\n");
        diag.Read();
        var place = diag.Checkpoint.Logs.Single(log => log.Life is { Listened: true });
        var disconnected = place with { Life = place.Life! with { DisconnectedUntil = DateTimeOffset.MaxValue, Tried = true }, WasHeld = true };
        foreach (var log in new[] { place, disconnected, place with { Life = null, LastLineAt = null } })
        {
            var checkpoint = diag.Checkpoint with { Logs = [log], Done = [1, ulong.MaxValue] };
            var read = SpoolPlace.ToCheckpoint(SpoolPlace.ToPlace(checkpoint));
            Assert.Equal(log, Assert.Single(read.Logs));
            Assert.Equal(checkpoint.Done, read.Done);
            Assert.Equal(checkpoint.Machine, read.Machine);
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
        diag.Restart(At("Runner_20261231-000000-utc.log", 5));
        Assert.Equal(["success"], diag.Read(final: true));
        Assert.StartsWith("Warning The log Runner_20261231-000000-utc.log", Assert.Single(diag.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CheckpointBeyondTheFilesEnd_ReadsEverythingThatIsThere()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Restart(At(LogFolder.ListenerPage, 1_000_000));
        Assert.Equal(["success"], diag.Read(final: true));
    }

    private static DiagCheckpoint At(string file, long offset) =>
        new([new ListenerPlace(new LogPosition(file, offset), null, null, false)], [], Machine.Here);
}
