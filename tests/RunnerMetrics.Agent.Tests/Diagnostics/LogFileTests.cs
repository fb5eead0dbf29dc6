using System.Text;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class LogFileTests
{
    private const string Page = "Worker_20261121-000000-utc.log";

    [Fact]
    public void Read_EverySplitOfAFile_GivesTheSameLines()
    {
        var text = "eins\r\nzwölf\n\n  drei\nletzte\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder.File(Page), bytes[..cut]);
            using var log = new LogFile(folder.File(Page), 0);
            var lines = ReadAll(log);
            using (var file = new FileStream(folder.File(Page), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Write(bytes.AsSpan(cut));
            }

            lines.AddRange(ReadAll(log));
            Assert.Equal(["eins", "zwölf", "", "  drei", "letzte"], lines.Select(line => line.Text));
            Assert.Equal([0, 6, 13, 14, 21], lines.Select(line => line.Start));
            Assert.Equal(bytes.Length, log.Next);
        }
    }

    [Fact]
    public void Read_LineWithoutItsEnd_IsWaitedForUntilNobodyWritesOn()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Page), "one\ntw");
        using var log = new LogFile(folder.File(Page), 0);
        Assert.Equal(["one"], ReadAll(log).Select(line => line.Text));
        Assert.Equal(4, log.Next);
        Assert.True(log.ReadRest());
        Assert.Equal("tw", Encoding.UTF8.GetString(log.Line));
        Assert.False(log.ReadRest());
    }

    [Fact]
    public void Read_FileRemovedMeanwhile_ReadsOnWhatIsWrittenToIt()
    {
        using var folder = new TemporaryFolder();
        using var writer = new FileStream(folder.File(Page), FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete);
        writer.Write("one\n"u8);
        writer.Flush();
        using var log = new LogFile(folder.File(Page), 0);
        Assert.Equal(["one"], ReadAll(log).Select(line => line.Text));
        File.Delete(folder.File(Page));
        writer.Write("two\n"u8);
        writer.Flush();
        Assert.Equal(["two"], ReadAll(log).Select(line => line.Text));
        Assert.NotEqual(false, log.IsHeld());
    }

    [Theory]
    [InlineData(LogFile.LongestLine - 1)]
    [InlineData(LogFile.LongestLine)]
    [InlineData(LogFile.LongestLine + 1)]
    [InlineData((3 * LogFile.LongestLine) + 12345)]
    public void Read_LongLine_IsCutAtTheLimitAndTheNextOneIsWhole(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Page), "first\n" + new string('x', length) + "\nafter\n");
        using var stream = new LogFile(folder.File(Page), 0);
        var lines = ReadAll(stream);
        Assert.Equal([5, Math.Min(length, LogFile.LongestLine), 5], lines.Select(line => line.Text.Length));
        Assert.Equal([0, 6, 7 + length], lines.Select(line => line.Start));
        Assert.Equal("after", lines[2].Text);
    }

    // A place in the middle of a line would make its rest, which may be a stranger's, a line.
    [Fact]
    public void Next_LongLineWithoutItsEnd_IsTheLinesBeginning()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Page), "first\n" + new string('x', 5 * LogFile.LongestLine));
        using var stream = new LogFile(folder.File(Page), 0);
        Assert.Equal(["first"], ReadAll(stream).Select(line => line.Text));
        Assert.Equal(6, stream.Next);
        File.AppendAllText(folder.File(Page), "\nafter\n");
        Assert.Equal([LogFile.LongestLine, 5], ReadAll(stream).Select(line => line.Text.Length));
    }

    [Fact]
    public void Read_LineOf100Megabytes_TakesLittleMemory()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder.File(Page)))
        {
            var part = new byte[1_000_000];
            part.AsSpan().Fill((byte)'x');
            for (var i = 0; i < 100; i++)
            {
                file.Write(part);
            }

            file.Write("\nafter\n"u8);
        }

        using var stream = new LogFile(folder.File(Page), 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(stream.Read());
        Assert.True(stream.Read());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal("after", Encoding.UTF8.GetString(stream.Line));
        Assert.True(allocated < 5_000_000, $"{allocated} bytes were allocated.");
    }

    private static List<(string Text, long Start)> ReadAll(LogFile file)
    {
        var lines = new List<(string, long)>();
        while (file.Read())
        {
            lines.Add((Encoding.UTF8.GetString(file.Line), file.Start));
        }

        return lines;
    }
}
