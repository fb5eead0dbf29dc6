using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Tests.Support;
using static RunnerMetrics.Domain.Tests.Support.DeploymentScenario;

namespace RunnerMetrics.Domain.Tests.Fleet;

public class DeploymentFoldTests
{
    private const string Production = "repository=\"acme/shop\",environment=\"production\"";
    private const double Hour = 3600;

    private static string Total(string status) => $"github_deployments_total{{{Production},status=\"{status}\"}}";

    private static string Of(string family) => $"{family}{{{Production}}}";

    [Fact]
    public void Pending_FirstOfAnEnvironment_BearsWhatIsToldOfAtZeroAndNothingElse()
    {
        using var fleet = new DeploymentScenario();
        Assert.DoesNotContain("github_deployment", fleet.Tell().Scrape().Text, StringComparison.Ordinal);
        var scrape = fleet.Tell(Pending("1", 0)).Scrape();

        Assert.Equal(0, scrape[Total("success")]);
        Assert.Equal(0, scrape[Total("failure")]);
        Assert.Equal(0, scrape[Of("github_deployment_recovery_time_seconds_count")]);
        Assert.Null(scrape[Of("github_deployment_lead_time_seconds_count")]);
        Assert.Null(scrape[Of("github_deployment_change_failures_total")]);
        Assert.Null(scrape[Of("github_deployment_rework_total")]);
        Assert.Null(scrape[Of("github_incidents_total")]);
    }

    [Theory]
    [InlineData("acme/shop", true)]
    [InlineData("ACME/*", true)]
    [InlineData("acme/other", false)]
    public void Pending_IncidentsAreSaidToBeReported_BearsFailuresAtZero(string reported, bool isBorn)
    {
        using var fleet = new DeploymentScenario(new FleetOptions { IncidentRepositories = [reported] });
        var scrape = fleet.Tell(Pending("1", 0)).Scrape();

        double? expected = isBorn ? 0 : null;
        Assert.Equal(expected, scrape[Of("github_deployment_change_failures_total")]);
        Assert.Equal(expected, scrape[Of("github_deployment_rework_total")]);
        Assert.Equal(expected, scrape[Of("github_incidents_total")]);
    }

    [Fact]
    public void Ended_ToldAgainAndOtherwise_CountsTheFirstWordOnce()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Ended("1", 1), Pending("1", 0), Ended("1", 1), Ended("1", 2, good: false)).Scrape();

        Assert.Equal(1, scrape[Total("success")]);
        Assert.Equal(0, scrape[Total("failure")]);
    }

    [Theory]
    [InlineData("staging", false)]
    [InlineData("Production", true)]
    public void Pending_Environment_CountsWhereItIsConfigured(string environment, bool counts)
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Pending("1", 0, environment: environment)).Scrape();

        Assert.Equal(counts, scrape.Text.Contains("github_deployments_total", StringComparison.Ordinal));
    }

    [Fact]
    public void LeadTime_CommitToldOfBeforeOrAfter_IsMeasuredOnce()
    {
        FleetEvent[] told = [Commits(-2, (7, -3)), Pending("1", 0, 7), Ended("1", 1, commit: 7)];
        foreach (var order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            using var fleet = new DeploymentScenario();
            foreach (var i in order)
            {
                fleet.Tell(told[i]);
                fleet.Restart();
            }

            Assert.Equal(1, fleet.Scrape()[Of("github_deployment_lead_time_seconds_count")]);
            Assert.Equal(4 * Hour, fleet.Scrape()[Of("github_deployment_lead_time_seconds_sum")]);
        }
    }

    [Fact]
    public void LeadTime_CommitsAreToldOf_IsBornAtZeroWithTheDeployment()
    {
        using var fleet = new DeploymentScenario();
        Assert.Equal(0, fleet.Tell(Commits(-2, (7, -3)), Pending("1", 0, 8)).Scrape()[Of("github_deployment_lead_time_seconds_count")]);
        Assert.Equal(0, fleet.Tell(Ended("1", 1, commit: 8)).Scrape()[Of("github_deployment_lead_time_seconds_count")]);
    }

    [Fact]
    public void LeadTime_FailedThenGood_IsOfTheGoodOneAndASecondTimeOfNone()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(
            Commits(-2, (7, -3), (8, 3)), Ended("1", 1, good: false, commit: 7), Ended("2", 2, commit: 7), Ended("3", 4, commit: 8), Ended("4", 5, commit: 7)).Scrape();

        Assert.Equal(2, scrape[Of("github_deployment_lead_time_seconds_count")]);
        Assert.Equal(6 * Hour, scrape[Of("github_deployment_lead_time_seconds_sum")]);
    }

    [Fact]
    public void LeadTime_GivenByThePipeline_NeedsNoWebhook()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Ended("1", 1, committed: -1), Ended("2", 2), Ended("3", 3, committed: 4)).Scrape();

        Assert.Equal(2, scrape[Of("github_deployment_lead_time_seconds_count")]);
        Assert.Equal(2 * Hour, scrape[Of("github_deployment_lead_time_seconds_sum")]); // a commit from the future took no time
    }

    [Fact]
    public void ChangeFailures_IncidentsAndARework_CountADeploymentOnce()
    {
        using var fleet = new DeploymentScenario();
        FleetEvent[] told = [Ended("1", 1), Incident("i1", 2, deployment: "1"), Incident("i2", 3, 4, "1"), Ended("2", 5, rework: true), Incident("i1", 2, 6, "1"), Ended("3", 7)];
        foreach (var order in Orders(told, 200))
        {
            using var shuffled = new DeploymentScenario();
            var scrape = shuffled.Tell(order).Scrape();
            Assert.Equal(1, scrape[Of("github_deployment_change_failures_total")]);
            Assert.Equal(1, scrape[Of("github_deployment_rework_total")]);
            Assert.Equal(2, scrape[Of("github_incidents_total")]);
            Assert.Equal(3, scrape[Total("success")]);
            Assert.Equal(2, scrape[Of("github_deployment_recovery_time_seconds_count")]);
            Assert.Equal(5 * Hour, scrape[Of("github_deployment_recovery_time_seconds_sum")]);
        }
    }

    [Fact]
    public void ChangeFailures_FailedRunsAndIncidentsOfNoDeployment_AreNone()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Ended("1", 1, good: false), Incident("i1", 2, deployment: "1"), Incident("i2", 2), Ended("2", 3)).Scrape();

        Assert.Equal(0, scrape[Of("github_deployment_change_failures_total")]);
        Assert.Equal(2, scrape[Of("github_incidents_total")]);
        Assert.Equal(1, scrape[Total("failure")]);
    }

    [Fact]
    public void ChangeFailures_ReworksInARow_EachMendTheOneBeforeInEveryOrder()
    {
        FleetEvent[] told = [Ended("1", 1), Ended("2", 2, rework: true), Ended("3", 3, rework: true), Ended("4", 4, good: false, rework: true), Ended("5", 5)];
        foreach (var order in Orders(told, 120))
        {
            using var fleet = new DeploymentScenario();
            var scrape = fleet.Tell(order).Scrape();
            Assert.Equal(3, scrape[Of("github_deployment_change_failures_total")]); // 1, 2, and 3: the failed rework was made to fix that
            Assert.Equal(2, scrape[Of("github_deployment_rework_total")]);
        }
    }

    [Fact]
    public void ChangeFailures_IncidentOfALongGoneDeployment_StillCountsOnce()
    {
        using var fleet = new DeploymentScenario();
        for (var i = 0; i < 200; i++)
        {
            fleet.Tell(Ended($"d{i}", i, rework: i == 3));
        }

        Assert.Equal(1, fleet.Scrape()[Of("github_deployment_change_failures_total")]);
        fleet.Restart();
        fleet.Tell(Incident("a", 201, deployment: "d2"), Incident("b", 202, deployment: "d9"), Incident("c", 203, deployment: "d9"));
        Assert.Equal(2, fleet.Scrape()[Of("github_deployment_change_failures_total")]);
    }

    [Fact]
    public void Recovery_FailedRunsInARow_IsOnceFromTheFirst()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Ended("1", 1, good: false), Ended("2", 2, good: false), Ended("3", 4), Ended("4", 5), Ended("5", 6, good: false)).Scrape();

        Assert.Equal(1, scrape[Of("github_deployment_recovery_time_seconds_count")]);
        Assert.Equal(3 * Hour, scrape[Of("github_deployment_recovery_time_seconds_sum")]);
    }

    [Fact]
    public void Recovery_OtherEnvironmentsAndRepositories_AreApart()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Ended("1", 1, good: false), Ended("1", 2, repository: "acme/api")).Scrape();

        Assert.Equal(0, scrape[Of("github_deployment_recovery_time_seconds_count")]);
        Assert.Equal(1, scrape[$"github_deployments_total{{{Where("acme/api")},status=\"success\"}}"]);
    }

    [Fact]
    public void Incident_ResolvedWordAloneWithoutItsBeginning_MeasuresNothing()
    {
        using var fleet = new DeploymentScenario();
        var scrape = fleet.Tell(Incident("i", null, 3)).Scrape();
        Assert.Equal(1, scrape[Of("github_incidents_total")]);
        Assert.Equal(0, scrape[Of("github_deployment_recovery_time_seconds_count")]);
        Assert.Null(scrape[Total("success")]);

        Assert.Equal(2 * Hour, fleet.Tell(Incident("i", 1)).Scrape()[Of("github_deployment_recovery_time_seconds_sum")]);
    }

    [Fact]
    public void Environments_PastTheLimit_CountAsOtherAndAreNoNeighbours()
    {
        using var fleet = new DeploymentScenario(new FleetOptions { MaxLabelSets = 1 });
        var scrape = fleet.Tell(
            Ended("1", 1), Ended("1", 1, repository: "acme/a"), Ended("1", 2, rework: true, repository: "acme/b"), Incident("i", 3, 4, "1", "acme/a"), Incident("j", 3, 4, "1", "acme/a")).Scrape();

        const string Other = "repository=\"other\",environment=\"other\"";
        Assert.Equal(2, scrape[$"github_deployments_total{{{Other},status=\"success\"}}"]);
        Assert.Equal(1, scrape[$"github_deployment_change_failures_total{{{Other}}}"]);
        Assert.Equal(2, scrape[$"github_incidents_total{{{Other}}}"]);
        Assert.Null(scrape[Of("github_deployment_change_failures_total")]);
        Assert.True(scrape["runner_metrics_dropped_series_total"] > 0);
    }

    [Fact]
    public void Repository_InOtherLetters_IsTheSame()
    {
        using var fleet = new DeploymentScenario();
        Assert.Equal(1, fleet.Tell(Pending("1", 0), Ended("1", 1, repository: "Acme/Shop")).Scrape()[Total("success")]);
    }

    // Every order of a few events would be too many for more than five.
    private static IEnumerable<FleetEvent[]> Orders(FleetEvent[] told, int count)
    {
        var random = new Random(20261121);
        for (var i = 0; i < count; i++)
        {
            var order = (FleetEvent[])told.Clone();
            random.Shuffle(order);
            yield return order;
        }
    }
}
