using RunnerMetrics.Simulator.Logs;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public class DiagnosticLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 22, 47, TimeSpan.Zero);

    [Fact]
    public void Write_Message_IsOnDiskAtOnce()
    {
        using var folder = new TemporaryFolder();
        using var log = new DiagnosticLog(folder.Path, "Runner", new HistoryClock(Start), DiagnosticLog.DefaultPageBytes, flushes: true);
        log.Write("ERR  BrokerServer", "first\n   at second ü");
        using var stream = new FileStream(Path.Combine(folder.Path, "Runner_20261121-002247-utc.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        Assert.Equal("[2026-11-21 00:22:47Z ERR  BrokerServer] first\n   at second ü\n", reader.ReadToEnd());
    }

    [Fact]
    public async Task Write_PageIsFull_BeginsANewOneAfterTheMessageThatPassedIt()
    {
        using var folder = new TemporaryFolder();
        var clock = new HistoryClock(Start);
        using (var log = new DiagnosticLog(folder.Path, "Worker", clock, pageBytes: 100, flushes: true))
        {
            for (var i = 0; i < 4; i++)
            {
                // 35 characters of header and 25 of text: the second message passes 100 bytes.
                log.Write("INFO Component", new string((char)('a' + i), 25));
                await Task.Delay(TimeSpan.FromSeconds(1), clock, TestContext.Current.CancellationToken);
            }
        }

        string[] pages = ["Worker_20261121-002247-utc.log", "Worker_20261121-002248-utc.log", "Worker_20261121-002250-utc.log"];
        Assert.Equal(pages, Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([2, 2, 0], pages.Select(page => File.ReadAllLines(Path.Combine(folder.Path, page)).Length));
    }

    [Fact]
    public void Write_PagesOfOneSecond_ShareAFile()
    {
        using var folder = new TemporaryFolder();
        using (var log = new DiagnosticLog(folder.Path, "Runner", new HistoryClock(Start), pageBytes: 10, flushes: true))
        {
            log.Write("INFO A", "first");
            log.Write("INFO A", "second");
        }

        Assert.Equal(2, File.ReadAllLines(Assert.Single(Directory.GetFiles(folder.Path))).Length);
    }

    [Fact]
    public void Write_SmallPages_HoldWhatOneLargePageHolds()
    {
        using var one = new TemporaryFolder();
        using var many = new TemporaryFolder();
        SimulatedHistory.Write(one.Path, 5, Start, seed: 3);
        SimulatedHistory.Write(many.Path, 5, Start, seed: 3, pageBytes: 20_000);
        Assert.True(Directory.GetFiles(many.Path).Length > Directory.GetFiles(one.Path).Length);
        Assert.Equal(one.Lines("Runner"), many.Lines("Runner"));
        Assert.Equal(one.Lines("Worker"), many.Lines("Worker"));
    }
}
