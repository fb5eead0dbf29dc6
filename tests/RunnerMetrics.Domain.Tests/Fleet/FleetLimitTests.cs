using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

public class FleetLimitTests
{
    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");

    [Fact]
    public void Ephemeral_TenThousandRunners_ShareTheSeriesOfTheirType()
    {
        using var fleet = new FleetScenario();
        fleet.Beat(0, runner: FleetScenario.Runner("e-0", ephemeral: true));
        var samples = fleet.Scrape().Samples.Count;

        for (var i = 1; i < 10_000; i++)
        {
            var runner = FleetScenario.Runner(Name("e", i), life: Name("life", i), ephemeral: true);
            fleet.Beat(i, RunnerState.Busy, runner, started: i);
            fleet.Start(Name("job", i), i, runner);
            fleet.End(Name("job", i), i + 1, from: i, runner: runner);
            if (i % 2 == 0)
            {
                fleet.Stop(i + 2, runner);
            }
        }

        var scrape = fleet.Scrape();
        Assert.Equal(samples, scrape.Samples.Keys.Count(series => !series.StartsWith("github_workflow_job", StringComparison.Ordinal)));
        Assert.Equal(9_999, scrape["github_runner_jobs_total{runner_name=\"ephemeral\",runner_type=\"standard\",status=\"success\"}"]);
        Assert.Equal(5_001, scrape.Sum("github_runners{"));
        Assert.Equal(5_001, fleet.Fleet.Describe().Count);
        Assert.Equal(0, scrape["runner_metrics_dropped_series_total"]);
        Assert.DoesNotContain("github_runner_status", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ephemeral_GoneForAWhile_IsForgottenAndKeepsItsCounts()
    {
        using var fleet = new FleetScenario();
        var runner = FleetScenario.Runner("e-1", ephemeral: true);
        fleet.Beat(0, runner: runner);
        fleet.End("a", 5, from: 1, runner: runner);
        fleet.Judge(40);
        Assert.Equal(1, fleet.Scrape()["github_runners{runner_type=\"standard\",state=\"offline\"}"]);
        fleet.Judge(101);

        Assert.Equal(0, fleet.Scrape()["github_runners{runner_type=\"standard\",state=\"offline\"}"]);
        Assert.Equal(1, fleet.Scrape().Sum("github_runner_jobs_total", "ephemeral"));
        Assert.Empty(fleet.Fleet.Describe());
    }

    [Fact]
    public void Runners_PastTheLimit_AreCountedUnderOtherWithoutGauges()
    {
        using var fleet = new FleetScenario(new FleetOptions { MaxRunners = 2 });
        for (var i = 0; i < 5; i++)
        {
            fleet.Beat(i, runner: FleetScenario.Runner(Name("r", i)));
            fleet.End(Name("job", i), 10, from: 1, runner: FleetScenario.Runner(Name("r", i)));
        }

        var scrape = fleet.Scrape();
        Assert.Equal(3, scrape["runner_metrics_dropped_series_total"]);
        Assert.Equal(3, scrape["github_runner_jobs_total{runner_name=\"other\",runner_type=\"standard\",status=\"success\"}"]);
        Assert.Equal(2, scrape.Samples.Keys.Count(key => key.StartsWith("github_runner_status", StringComparison.Ordinal)));
        Assert.Equal(5, scrape["github_runners{runner_type=\"standard\",state=\"idle\"}"]);
    }

    [Fact]
    public void Runners_AfterOneIsForgotten_MayHaveSeriesAgain()
    {
        using var fleet = new FleetScenario(new FleetOptions { MaxRunners = 1 });
        fleet.Beat(0, runner: FleetScenario.Runner("r-0"));
        fleet.Fleet.Apply(new RunnerForgotten("gone", FleetScenario.At(1), "r-0", "standard") { Observed = TimeSpan.FromSeconds(1) });
        fleet.Beat(2, runner: FleetScenario.Runner("r-1"));

        Assert.Equal(1, fleet.Scrape()["github_runner_status{runner_name=\"r-1\",runner_type=\"standard\"}"]);
    }

    [Fact]
    public void RunnerTypes_PastTheLimitOfLabelSets_AreCountedUnderOther()
    {
        using var fleet = new FleetScenario(new FleetOptions { MaxLabelSets = 2 });
        for (var i = 0; i < 5; i++)
        {
            var runner = FleetScenario.Runner(Name("e", i), type: Name("t", i), ephemeral: true);
            fleet.Beat(i, runner: runner);
            fleet.End(Name("job", i), 10, from: 1, runner: runner);
        }

        var scrape = fleet.Scrape();
        Assert.Equal(3, scrape["github_runner_jobs_total{runner_name=\"ephemeral\",runner_type=\"other\",status=\"success\"}"]);
        Assert.Equal(5, scrape.Sum("github_runner_jobs_total"));
        Assert.Equal(2, scrape.Sum("github_runners{"));
        Assert.True(scrape["runner_metrics_dropped_series_total"] >= 3);
    }

    [Fact]
    public void CacheTypes_PastTheLimit_AreCountedUnderOtherWithoutARate()
    {
        using var fleet = new FleetScenario();
        fleet.Cache("other", 1, 1);
        for (var i = 0; i < 40; i++)
        {
            fleet.Cache(Name("cache", i), 3, 1);
        }

        var scrape = fleet.Scrape();
        Assert.Equal(121, scrape.Sum("github_runner_cache_requests_total", "result=\"hit\""));
        Assert.True(scrape["github_runner_cache_requests_total{runner_name=\"r1\",runner_type=\"standard\",cache_type=\"other\",result=\"hit\"}"] >= 73);
        Assert.Null(scrape["github_runner_cache_hit_rate{runner_name=\"r1\",runner_type=\"standard\",cache_type=\"other\"}"]);
        Assert.InRange(scrape.Samples.Keys.Count(key => key.StartsWith("github_runner_cache_requests", StringComparison.Ordinal)), 2, 34);
        Assert.InRange(scrape["runner_metrics_dropped_series_total"]!.Value, 24, 25);
    }

    [Theory]
    [InlineData("ephemeral")]
    [InlineData("other")]
    [InlineData("")]
    public void TryCreate_ReservedOrEmptyName_IsRefused(string name)
    {
        Assert.False(RunnerIdentity.TryCreate(name, "standard", "", false, "", "", out _, out var problem));
        Assert.StartsWith("runner.name", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("Standard")]
    [InlineData("a_b")]
    [InlineData("naïve")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void TryCreate_TypeOutsideThePattern_IsRefusedWithThePattern(string type)
    {
        Assert.False(RunnerIdentity.TryCreate("r1", type, "", false, "", "", out _, out var problem));
        Assert.Contains("[a-z0-9][a-z0-9-]{0,31}", problem, StringComparison.Ordinal);
    }
}
