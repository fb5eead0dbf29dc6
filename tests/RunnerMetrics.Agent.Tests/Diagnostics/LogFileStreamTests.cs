using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class LogFileStreamTests
{
    private const string Page = "Worker_20261121-000000-utc.log";
    private const string NextPage = "Worker_20261121-000001-utc.log";

    [Fact]
    public void Read_EverySplitOfAFile_GivesTheSameLines()
    {
        var text = "eins\r\nzwölf\n\n  drei\nletzte\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            using var folder = new TemporaryFolder();
            using var stream = Open(folder, out var directory);
            File.WriteAllBytes(folder.File(Page), bytes[..cut]);
            directory.Refresh();
            var lines = ReadAll(stream);
            using (var file = new FileStream(folder.File(Page), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Write(bytes.AsSpan(cut));
            }

            lines.AddRange(ReadAll(stream));
            Assert.Equal(["eins", "zwölf", "", "  drei", "letzte"], lines.Select(line => line.Text));
            Assert.Equal([0, 6, 13, 14, 21], lines.Select(line => line.Start.Offset));
            Assert.Equal(bytes.Length, stream.Next.Offset);
        }
    }

    [Fact]
    public void Read_LineWithoutItsEnd_IsWaitedForUntilThereIsALaterPage()
    {
        using var folder = new TemporaryFolder();
        using var stream = Open(folder, out var directory);
        File.WriteAllText(folder.File(Page), "one\ntw");
        directory.Refresh();
        Assert.Equal(["one"], ReadAll(stream).Select(line => line.Text));
        Assert.Equal(new LogPosition(Page, 4), stream.Next);
        File.WriteAllText(folder.File(NextPage), "three\n");
        directory.Refresh();
        Assert.Equal(["tw", "three"], ReadAll(stream).Select(line => line.Text));
        Assert.Equal(new LogPosition(NextPage, 6), stream.Next);
    }

    [Theory]
    [InlineData(LogFileStream.LongestLine - 1)]
    [InlineData(LogFileStream.LongestLine)]
    [InlineData(LogFileStream.LongestLine + 1)]
    [InlineData((3 * LogFileStream.LongestLine) + 12345)]
    public void Read_LongLine_IsCutAtTheLimitAndTheNextOneIsWhole(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Page), "first\n" + new string('x', length) + "\nafter\n");
        using var stream = Open(folder, out _);
        var lines = ReadAll(stream);
        Assert.Equal([5, Math.Min(length, LogFileStream.LongestLine), 5], lines.Select(line => line.Text.Length));
        Assert.Equal([0, 6, 7 + length], lines.Select(line => line.Start.Offset));
        Assert.Equal("after", lines[2].Text);
    }

    // A place in the middle of a line would make its rest, which may be a stranger's, a line.
    [Fact]
    public void Next_LongLineWithoutItsEnd_IsTheLinesBeginning()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Page), "first\n" + new string('x', 5 * LogFileStream.LongestLine));
        using var stream = Open(folder, out _);
        Assert.Equal(["first"], ReadAll(stream).Select(line => line.Text));
        Assert.Equal(new LogPosition(Page, 6), stream.Next);
        File.AppendAllText(folder.File(Page), "\nafter\n");
        Assert.Equal([LogFileStream.LongestLine, 5], ReadAll(stream).Select(line => line.Text.Length));
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

        using var stream = Open(folder, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(LineRead.Line, stream.Read());
        Assert.Equal(LineRead.Line, stream.Read());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal("after", Encoding.UTF8.GetString(stream.Line));
        Assert.True(allocated < 5_000_000, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void Read_ManyPages_GivesAllLinesInOrder()
    {
        using var folder = new TemporaryFolder();
        for (var page = 0; page < 50; page++)
        {
            File.WriteAllText(folder.File($"Worker_20261121-0000{page:D2}-utc.log"), $"a{page}\nb{page}");
        }

        using var stream = Open(folder, out _);
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(page => new[] { $"a{page}", $"b{page}" }).SkipLast(1), ReadAll(stream).Select(line => line.Text));
    }

    private static LogFileStream Open(TemporaryFolder folder, out LogDirectory directory)
    {
        directory = new LogDirectory(folder.Path);
        directory.Refresh();
        return new LogFileStream(directory, LogKind.Worker, new LogPosition("", 0), new MemoryLogger());
    }

    private static List<(string Text, LogPosition Start)> ReadAll(LogFileStream stream)
    {
        var lines = new List<(string, LogPosition)>();
        for (var read = stream.Read(); read != LineRead.None; read = stream.Read())
        {
            if (read == LineRead.Line)
            {
                lines.Add((Encoding.UTF8.GetString(stream.Line), stream.Start));
            }
        }

        return lines;
    }
}
