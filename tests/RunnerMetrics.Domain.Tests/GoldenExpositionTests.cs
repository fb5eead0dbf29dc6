using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests;

public class GoldenExpositionTests
{
    [Theory]
    [InlineData(ExpositionFormat.Text, "two-runners.txt")]
    [InlineData(ExpositionFormat.OpenMetrics, "two-runners.openmetrics.txt")]
    public void Snapshot_TwoRunnersAndAFewJobs_ReadsAsKept(ExpositionFormat format, string file)
    {
        using var fleet = TwoRunners();
        Golden.Matches(file, fleet.Scrape(600, format).Text);
    }

    [Theory]
    [InlineData(ExpositionFormat.Text, "empty.txt")]
    [InlineData(ExpositionFormat.OpenMetrics, "empty.openmetrics.txt")]
    public void Snapshot_NothingHappened_ReadsAsKept(ExpositionFormat format, string file)
    {
        using var fleet = new FleetScenario();
        Golden.Matches(file, fleet.Scrape(format: format).Text);
    }

    [Fact]
    public void Snapshot_RegistryWithoutFamilies_IsEmpty()
    {
        using var registry = new MetricRegistry();
        Assert.Equal("", Scraped.From(registry).Text);
        Assert.Equal("# EOF\n", Scraped.From(registry, ExpositionFormat.OpenMetrics).Text);
    }

    [Fact]
    public void Snapshot_HostileLabels_ReadsAsKept()
    {
        using var fleet = new FleetScenario();
        string[] names = ["quote\"d", @"back\slash", "naïve 跑步者 🏃", "lone \ud83c surrogate", "x\"} 1"];
        foreach (var name in names)
        {
            fleet.Beat(0, runner: FleetScenario.Runner(name));
        }

        string[] workflows = ["line\nfeed", "carriage\rreturn", "x\"} 1\n# EOF\nfake 1"];
        foreach (var workflow in workflows)
        {
            fleet.Fleet.Apply(new JobCompleted(
                workflow, FleetScenario.Noon, FleetScenario.Runner(), FleetScenario.Job(workflow) with { Workflow = workflow }, JobConclusion.Success, null, null, FleetScenario.Noon));
        }

        Golden.Matches("hostile-labels.txt", string.Concat(fleet.Scrape().Text.Split('\n')
            .Where(line => line.Contains("runner_status", StringComparison.Ordinal) || line.Contains("workflow_jobs_total", StringComparison.Ordinal)).Select(line => line + "\n")));
    }

    [Fact]
    public async Task Promtool_EmptyFleet_FindsNothing()
    {
        using var fleet = new FleetScenario();
        await Promtool.CheckAsync(fleet.Registry, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Promtool_OneJob_FindsNothing()
    {
        using var fleet = new FleetScenario();
        fleet.End("a", 100, from: 10);
        await Promtool.CheckAsync(fleet.Registry, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Promtool_ThousandRunners_FindsNothing()
    {
        using var fleet = new FleetScenario();
        for (var i = 0; i < 1000; i++)
        {
            var runner = FleetScenario.Runner(string.Create(CultureInfo.InvariantCulture, $"runner-{i}"), type: i % 3 == 0 ? "chrome-go" : "standard");
            fleet.Beat(i, runner: runner);
            fleet.End(string.Create(CultureInfo.InvariantCulture, $"job-{i}"), 100 + i, from: 10.5, runner: runner);
            fleet.Wait(10, i / 7.0, runner);
            fleet.Cache("npm", (ulong)i, 3, runner);
        }

        fleet.Fleet.ShowTime(FleetScenario.At(2000));
        await Promtool.CheckAsync(fleet.Registry, TestContext.Current.CancellationToken);
    }

    private static FleetScenario TwoRunners()
    {
        var fleet = new FleetScenario();
        var chrome = FleetScenario.Runner("chrome-1", type: "chrome", version: "2.335.1");
        fleet.Beat(0);
        fleet.Beat(0, RunnerState.Busy, chrome, started: -60.5);
        fleet.Wait(10, 2.25);
        fleet.Start("a", 10);
        fleet.End("a", 100.5, from: 10);
        fleet.End("b", 190, JobConclusion.Failed, JobFailureReason.Setup, 180);
        fleet.Start("c", 200);
        fleet.Beat(210, RunnerState.Busy);
        fleet.Lose("d", 50, chrome);
        fleet.End("d", 60, JobConclusion.Cancelled, from: 20, runner: chrome);
        fleet.Cache("npm", 8, 2);
        fleet.Cache("buildkit", 0, 0);
        fleet.Stop(300, chrome);
        fleet.Fleet.Apply(new JobCompleted(
            "long", FleetScenario.At(900), chrome,
            FleetScenario.Job("e") with { Repository = RepositoryName.Kept("acme/" + new string('x', 120)) },
            JobConclusion.Success, null, FleetScenario.At(0), FleetScenario.At(900)));
        return fleet;
    }
}
