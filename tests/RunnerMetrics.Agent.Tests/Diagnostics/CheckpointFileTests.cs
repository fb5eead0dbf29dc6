using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class CheckpointFileTests
{
    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        using var diag = new LogFolder();
        diag.WriteJob();
        diag.Read();
        Assert.NotNull(diag.Checkpoint.Life);
        new CheckpointFile(folder.Path, new MemoryLogger()).Save(diag.Checkpoint);
        Assert.Equal(diag.Checkpoint, new CheckpointFile(folder.Path, new MemoryLogger()).Load());
    }

    [Fact]
    public void Load_NoFile_SaysNothing()
    {
        using var folder = new TemporaryFolder();
        var log = new MemoryLogger();
        Assert.Null(new CheckpointFile(folder.Path, log).Load());
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    [InlineData("""{"listener":{"file":null,"offset":1},"worker":{"file":"","offset":0}}""")]
    [InlineData("""{"listener":{"file":"Runner_1","offset":-1},"worker":{"file":"","offset":0}}""")]
    [InlineData("""{"listener":{"file":"Runner_1","offset":1},"worker":{"file":"","offset":0},"life":{}}""")]
    [InlineData("""{"listener":{"file":"Runner_1","offset":1},"worker":{"file":"","offset":0},"life":{"instanceId":null,"startedAt":"2026-11-21T00:00:00+00:00"}}""")]
    public void Load_CorruptFile_SaysSoAndStartsAnew(string content)
    {
        using var folder = new TemporaryFolder();
        var log = new MemoryLogger();
        File.WriteAllText(folder.File("checkpoint.json"), content);
        Assert.Null(new CheckpointFile(folder.Path, log).Load());
        Assert.StartsWith($"Warning The checkpoint {folder.File("checkpoint.json")} cannot be used: ", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_FolderGone_SaysSoOnce()
    {
        using var folder = new TemporaryFolder();
        var log = new MemoryLogger();
        var file = new CheckpointFile(folder.File("gone"), log);
        file.Save(new DiagCheckpoint(new LogPosition("Runner_1", 1), new LogPosition("", 0), null));
        file.Save(new DiagCheckpoint(new LogPosition("Runner_1", 2), new LogPosition("", 0), null));
        Assert.StartsWith("Error Cannot write the checkpoint ", Assert.Single(log.Lines), StringComparison.Ordinal);
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
