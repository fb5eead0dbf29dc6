using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>What one job may report of caches: nothing that spoils what the others report.</summary>
public sealed class CacheLimitTests : IDisposable
{
    private const double Day = 24 * 3600;

    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Report_OfTypesThatAJobMadeUp_LeavesTheKnownOnesTheirPlaces()
    {
        for (var i = 0; i < 40; i++)
        {
            Report($"junk{i}", 1);
        }

        foreach (var type in (string[])["actions", "apt", "buildkit", "npm"])
        {
            Report(type, 7);
            Assert.Equal(7, Hits(type));
        }

        Assert.Equal(24, Hits("other"));
    }

    [Fact]
    public void Report_OfANewTypeAfterAWeek_TakesThePlaceOfOneThatIsNotReportedAnyMore()
    {
        for (var i = 0; i < 16; i++)
        {
            Report($"junk{i}", 1);
        }

        Report("cargo", 3, 6 * Day);
        Assert.Null(Hits("cargo"));
        Report("junk0", 1, 8 * Day);
        Report("cargo", 3, 8 * Day);

        Assert.Equal(3, Hits("cargo"));
        Assert.Equal(2, Hits("junk0"));
        Assert.Null(Hits("junk1"));
        Assert.NotNull(Hits("junk15"));
    }

    [Fact]
    public void Report_OfMoreThanAJobCanMean_IsNotCountedUntilTheNextJob()
    {
        for (var i = 0; i < 12; i++)
        {
            Report("npm", 1_000_000);
        }

        Assert.Equal(10_000_000, Hits("npm"));
        Assert.Equal(2, _fleet.Scrape()["runner_metrics_cache_reports_implausible_total"]);
        _fleet.Start("next", 10);
        Report("npm", 5);
        Assert.Equal(10_000_005, Hits("npm"));
    }

    private void Report(string type, ulong hits, double at = 0) =>
        _fleet.Fleet.Apply(new CacheReported(_fleet.NextId(), FleetScenario.At(at), FleetScenario.Runner(), type, hits, 0));

    private double? Hits(string type) =>
        _fleet.Scrape()[string.Create(CultureInfo.InvariantCulture, $"github_runner_cache_requests_total{{runner_name=\"r1\",runner_type=\"standard\",cache_type=\"{type}\",result=\"hit\"}}")];
}
