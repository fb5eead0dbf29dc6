using System.Text;
using System.Text.Json;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

public class DeadLetterFileTests
{
    private readonly PowerCutFolder _disk = new();
    private readonly SpoolLogger _log = new();

    [Fact]
    public void Add_TwoEvents_WritesALineEachThatSaysWhatAndWhy()
    {
        var file = new DeadLetterFile(_disk, new ManualTimeProvider(), _log);
        file.Add(SpoolStory.EventAt(0), "too_old: \"the event\" is 40 days old");
        file.Add(SpoolStory.EventAt(1), "");
        var lines = Lines(_disk.AfterCut(), DeadLetterFile.FileName);
        Assert.Equal(2, lines.Length);
        using var line = JsonDocument.Parse(lines[0]);
        Assert.Equal("2026-11-21T12:00:00Z", line.RootElement.GetProperty("time").GetString());
        Assert.Equal("too_old: \"the event\" is 40 days old", line.RootElement.GetProperty("reason").GetString());
        var told = line.RootElement.GetProperty("event");
        Assert.Equal("e0", told.GetProperty("eventId").GetString());
        Assert.Equal("key-0", told.GetProperty("jobStarted").GetProperty("job").GetProperty("jobKey").GetString());
    }

    [Fact]
    public void Add_FileFull_PutsItAsideOnce()
    {
        var file = new DeadLetterFile(_disk, new ManualTimeProvider(), _log, maxBytes: 1000);
        for (var at = 0; at < 20; at++)
        {
            file.Add(SpoolStory.EventAt(at), "no");
        }

        Assert.Equal([DeadLetterFile.FileName, DeadLetterFile.Older], _disk.List().Order());
        Assert.InRange(_disk[DeadLetterFile.FileName].Length, 1, 1000);
        Assert.InRange(_disk[DeadLetterFile.Older].Length, 500, 1000);
        Assert.Contains("\"e19\"", Lines(_disk, DeadLetterFile.FileName)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Add_DiskFull_SaysSoAndLeavesNoHalfALine()
    {
        var faulty = new FaultyFolder(_disk);
        var file = new DeadLetterFile(faulty, new ManualTimeProvider(), _log);
        file.Add(SpoolStory.EventAt(0), "no");
        faulty.Room = 20;
        file.Add(SpoolStory.EventAt(1), "never");
        faulty.Room = null;
        file.Add(SpoolStory.EventAt(2), "no");
        Assert.Equal(2, Lines(_disk, DeadLetterFile.FileName).Length);
        Assert.StartsWith("Error Cannot write event e1, which the collector rejected (never), to ", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private static string[] Lines(PowerCutFolder disk, string name) =>
        Encoding.UTF8.GetString(disk[name]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
