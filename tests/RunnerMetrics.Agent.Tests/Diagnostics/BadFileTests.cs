using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class BadFileTests
{
    [Fact]
    public void Read_FolderNotThereYet_SaysSoOnceAndReadsItLater()
    {
        using var diag = new LogFolder();
        Assert.Empty(diag.Read());
        Assert.Empty(diag.Read());
        Assert.Equal($"Information There is no {diag.Path} yet: waiting for the runner to create it.", Assert.Single(diag.Log.Lines));
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
    }

    [Fact]
    public void Read_FilesAppearLater_AreRead()
    {
        using var diag = new LogFolder();
        diag.Write("notes.txt", "not a log\n");
        Assert.Empty(diag.Read());
        diag.Write(LogFolder.ListenerPage, SmallLog.Listener().Split("[2026-11-21 00:00:09Z")[0]);
        Assert.Empty(diag.Read());
        diag.Write(LogFolder.WorkerPage, SmallLog.Worker());
        Assert.Empty(diag.Read());
        Assert.Equal("büild", Assert.IsType<JobBegan>(Assert.Single(diag.Events)).Job.Name);
        diag.Write(LogFolder.ListenerPage, SmallLog.Listener()[SmallLog.Listener().IndexOf("[2026-11-21 00:00:09Z", StringComparison.Ordinal)..]);
        Assert.Equal(["success"], diag.Read());
    }

    [Fact]
    public void Read_FolderGoesAndComesBack_ReadsOn()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
        Directory.Move(diag.Path, diag.Path + "-aside");
        Assert.Equal(["success"], diag.Read());
        Directory.Move(diag.Path + "-aside", diag.Path);
        diag.Write(LogFolder.ListenerPage, "[2026-11-21 00:00:10Z INFO Listener] Runner execution been cancelled.\n");
        diag.Read();
        Assert.IsType<ListenerEnded>(diag.Events[^1]);
    }

    // A link to itself cannot be opened by anybody, not even by root.
    [Fact]
    public void Read_UnreadableWorkerLog_SaysSoAndReadsItWhenItCan()
    {
        using var diag = new LogFolder();
        Directory.CreateDirectory(diag.Path);
        File.CreateSymbolicLink(diag.File(LogFolder.WorkerPage), diag.File(LogFolder.WorkerPage));
        diag.Write(LogFolder.ListenerPage, SmallLog.Listener(result: "Failed", exitCode: 102));
        Assert.Empty(diag.Read());
        diag.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["failed/unknown"], diag.Read());
        Assert.StartsWith($"Warning Cannot read {diag.File(LogFolder.WorkerPage)}: ", Assert.Single(diag.Log.Lines), StringComparison.Ordinal);

        File.Delete(diag.File(LogFolder.WorkerPage));
        diag.Write(LogFolder.WorkerPage, SmallLog.Worker(result: "Failed"));
        diag.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["failed/unknown", "failed/unknown"], diag.Read());
        Assert.Single(diag.Events.OfType<JobEnded>().Select(ended => ended.Job.JobKey).Distinct());
        Assert.Equal("büild", diag.Events[^1] is JobEnded again ? again.Job.Name : "");
    }

    [Fact]
    public void Read_UnreadableListenerLog_ReadsTheOthersMeanwhile()
    {
        using var diag = new LogFolder();
        Directory.CreateDirectory(diag.Path);
        File.CreateSymbolicLink(diag.File("Runner_20261120-000000-utc.log"), diag.File("Runner_20261120-000000-utc.log"));
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
    }

    [Fact]
    public void Read_BinaryGarbage_SaysNothing()
    {
        using var diag = new LogFolder();
        var garbage = new byte[3_000_000];
        new Random(7).NextBytes(garbage);
        Directory.CreateDirectory(diag.Path);
        File.WriteAllBytes(diag.File("Runner_20261120-000000-utc.log"), garbage);
        File.WriteAllBytes(diag.File("Worker_20261120-000000-utc.log"), garbage);
        Assert.Empty(diag.Read());
        Assert.Empty(diag.Log.Lines);
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
        Assert.Equal(2, diag.Events.Count);
    }

    [Theory]
    [InlineData(LogFolder.ListenerPage)]
    [InlineData(LogFolder.WorkerPage)]
    public void Read_GarbageInsideALog_ChangesNothing(string page)
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            using var diag = new LogFolder();
            diag.WriteJob();
            var bytes = File.ReadAllBytes(diag.File(page)).AsSpan();
            var garbage = new byte[random.Next(1, 300)];
            random.NextBytes(garbage);
            var message = bytes.IndexOf("[2026-11-21 00:00:0"u8[..random.Next(1, 19)]);
            File.WriteAllBytes(diag.File(page), [.. bytes[..message], .. garbage, (byte)'\n', .. bytes[message..]]);
            Assert.Equal(["success"], diag.Read(final: true));
        }
    }

    [Fact]
    public void Read_FileCutShortUnderTheReader_ReadsAgainAndRepeatsTheSame()
    {
        using var diag = new LogFolder();
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
        File.WriteAllText(diag.File(LogFolder.ListenerPage), "");
        diag.Read();
        Assert.Contains(diag.Log.Lines, line => line.StartsWith("Warning A log was truncated or replaced", StringComparison.Ordinal));
        diag.Write(LogFolder.ListenerPage, SmallLog.Listener());
        Assert.Equal(["success", "success"], diag.Read());
        Assert.Equal(diag.Events.Take(2).Told(), diag.Events.Skip(2).Told());
    }

    [Fact]
    public void Read_FileCutShortWithAJobOpen_IsNotLostForThat()
    {
        using var diag = new LogFolder();
        diag.Write(LogFolder.WorkerPage, SmallLog.Worker().Split("[2026-11-21 00:00:08Z")[0]);
        diag.Write(LogFolder.ListenerPage, SmallLog.Listener().Split("[2026-11-21 00:00:09Z")[0]);
        Assert.Empty(diag.Read());
        File.WriteAllText(diag.File(LogFolder.ListenerPage), SmallLog.Listener().Split("[2026-11-21 00:00:02Z")[0]);
        Assert.Empty(diag.Read());
        File.Delete(diag.File(LogFolder.ListenerPage));
        File.Delete(diag.File(LogFolder.WorkerPage));
        diag.WriteJob();
        Assert.Equal(["success"], diag.Read());
    }

    // As rsync and its like do.
    [Fact]
    public void Read_FileReplacedByALongerCopy_ReadsOn()
    {
        using var diag = new LogFolder();
        for (var length = 100; length < SmallLog.Listener().Length + 100; length += 100)
        {
            foreach (var (page, text) in new[] { (LogFolder.WorkerPage, SmallLog.Worker()), (LogFolder.ListenerPage, SmallLog.Listener()) })
            {
                diag.Write("copy", text[..Math.Min(length, text.Length)]);
                File.Move(diag.File("copy"), diag.File(page), overwrite: true);
            }

            diag.Read();
        }

        Assert.Equal(["success"], diag.Read());
        Assert.Equal(2, diag.Events.Count);
        Assert.Empty(diag.Log.Lines);
    }
}
