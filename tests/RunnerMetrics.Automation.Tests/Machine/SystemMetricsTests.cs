using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Tests.Support;

namespace RunnerMetrics.Automation.Tests.Machine;

public sealed class SystemMetricsTests
{
    [Fact]
    public void Snapshot_FirstScrape_KnowsMemoryAndDiskAndNoProcessorTimeYet()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells in /proc");
        using var meters = new ServedMeters();
        SystemMetrics.AddTo(meters, Path.GetTempPath());

        var scrape = meters.Scrape();
        Assert.Null(scrape["system_cpu_percent"]);
        Assert.InRange(scrape["system_memory_percent"]!.Value, 0.1, 100);
        Assert.InRange(scrape["system_disk_percent"]!.Value, 0, 100);
    }

    [Fact]
    public void PercentSince_TwoReadings_IsTheShareOfBusyTicks()
    {
        var earlier = ProcMachine.ReadProcessors("cpu  5338 0 2174 186411 1024 0 371 0 0 0")!.Value;
        var later = ProcMachine.ReadProcessors("cpu  5368 0 2184 186461 1034 0 371 0 99 0")!.Value;

        Assert.Equal(40, later.PercentSince(earlier)); // 40 busy ticks of 100; a guest's are the user's already
        Assert.Null(later.PercentSince(later));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3 4 5")]
    [InlineData("cpu  1 2 three 4 5")]
    [InlineData("cpu  1 2")]
    public void ReadProcessors_NotSuchALine_IsNull(string line) => Assert.Null(ProcMachine.ReadProcessors(line));

    [Fact]
    public void ReadMemoryPercent_RealLines_IsWhatIsNotAvailable()
    {
        Assert.Equal(75, ProcMachine.ReadMemoryPercent(["MemTotal:       16000000 kB", "MemFree:         1000000 kB", "MemAvailable:    4000000 kB"]));
        Assert.Null(ProcMachine.ReadMemoryPercent(["MemTotal:       16000000 kB"]));
    }
}
