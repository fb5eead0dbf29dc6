using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Ended runs at <c>/metrics</c>, and the figures that OpenTelemetry is told.</summary>
public class FleetFiguresTests
{
    private const string Duration = "github_workflow_run_duration_seconds";

    [Fact]
    public void Run_ToldByTwoWebhooks_CountsOnce()
    {
        using var fleet = new FleetScenario();
        Assert.Equal(ApplyOutcome.Accepted, fleet.Fleet.Apply(Ended("of-the-repository", 1, took: 50)));
        Assert.Equal(ApplyOutcome.Duplicate, fleet.Fleet.Apply(Ended("of-the-organisation", 1, took: 50)));
        fleet.Fleet.Apply(Ended("second-attempt", 1, attempt: 2, took: 5));

        Assert.Equal(2, Scrape(fleet)[$$"""{{Duration}}_count{repository="acme/shop",workflow="CI",conclusion="success"}"""]);
        Assert.Equal(55, Scrape(fleet)[$$"""{{Duration}}_sum{repository="acme/shop",workflow="CI",conclusion="success"}"""]);
    }

    [Fact]
    public void Run_OfAWorkflowThatIsNew_ShowsItsUsualConclusionsAsZero()
    {
        using var fleet = new FleetScenario();
        Assert.DoesNotContain(Duration, Scrape(fleet).Text, StringComparison.Ordinal);
        fleet.Fleet.Apply(Ended("a", 1, "timed_out"));

        Assert.Equal(
            ["cancelled=0", "failure=0", "success=0", "timed_out=1"],
            Scrape(fleet).Samples.Where(sample => sample.Key.StartsWith(Duration + "_count", StringComparison.Ordinal)).Select(sample => $"{sample.Key.Split('"')[5]}={sample.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_ThatIsNotCounted_IsAbsent()
    {
        using var fleet = new FleetScenario(new FleetOptions { WorkflowRepositories = ["acme/shop"] });
        fleet.Fleet.Apply(Ended("a", 1, "action_required"));
        fleet.Fleet.Apply(Ended("b", 2) with { IsOnlyTraced = true });
        fleet.Fleet.Apply(Ended("c", 3) with { Repository = RepositoryName.Kept("acme/other") });
        fleet.Fleet.Apply(Ended("d", 4, took: -1));

        Assert.DoesNotContain(Duration, Scrape(fleet).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PastTheLimit_CountsAsOther()
    {
        using var fleet = new FleetScenario(new FleetOptions { MaxLabelSets = 1 });
        fleet.Fleet.Apply(Ended("a", 1));
        fleet.Fleet.Apply(Ended("b", 2) with { Workflow = "Deploy" });

        Assert.Equal(1, Scrape(fleet)[$$"""{{Duration}}_count{repository="other",workflow="other",conclusion="success"}"""]);
        Assert.Equal(1, Scrape(fleet).Sum("runner_metrics_dropped_series_total"));
    }

    // Before the first job of a run has begun it is pending, between two jobs it is not.
    [Fact]
    public void ActiveRuns_AreOfTheJobsThatWaitAndRun()
    {
        using var fleet = new FleetScenario();
        Note(fleet);
        Assert.Empty(fleet.Fleet.Measure()!.Workflows);

        fleet.Fleet.Apply(Changed(WorkflowJobState.Queued, job: 1, run: 10));
        fleet.Fleet.Apply(Changed(WorkflowJobState.Queued, job: 2, run: 10));
        fleet.Fleet.Apply(Changed(WorkflowJobState.Queued, job: 3, run: 11));
        Assert.Equal((2, null), Active(fleet));

        fleet.Fleet.Apply(Changed(WorkflowJobState.InProgress, job: 1, run: 10));
        fleet.Beat(1);
        Assert.Equal((1, 1), Active(fleet));

        fleet.Fleet.Apply(new JobStarted("s", FleetScenario.At(2), FleetScenario.Runner(), FleetScenario.Job("j") with { RunId = 12, CheckRunId = 0 }));
        Assert.Equal((1, 2), Active(fleet));

        fleet.End("j", 3);
        fleet.Fleet.Apply(Changed(WorkflowJobState.Completed, job: 2, run: 10));
        Assert.Equal((1, 0), Active(fleet));
    }

    [Fact]
    public void SystemErrors_OfARunnerThatIsForgotten_StayCounted()
    {
        using var fleet = new JournaledFleet();
        fleet.Apply(new TimeObserved("t", FleetScenario.At(0), TimeSpan.Zero));
        fleet.Apply(new JobCompleted("a", FleetScenario.At(1), FleetScenario.Runner(), FleetScenario.Job("a"), JobConclusion.Failed, JobFailureReason.Runner, null, FleetScenario.At(1)));
        fleet.Apply(new JobCompleted("b", FleetScenario.At(2), FleetScenario.Runner(), FleetScenario.Job("b"), JobConclusion.Lost, null, null, FleetScenario.At(2)));
        string[] counted = ["standard setup 0", "standard runner 1", "standard lost 1"];
        Assert.Equal(counted, SystemErrors(fleet));

        fleet.Apply(RunnerForgotten.Of("", "standard", "r1", FleetScenario.At(3), fleet.Fleet.Observed + TimeSpan.FromDays(30)));
        Assert.DoesNotContain("github_runner_jobs_total", fleet.Scrape().Text, StringComparison.Ordinal);
        Assert.Equal(counted, SystemErrors(fleet));

        fleet.Snapshot();
        fleet.Restart(clean: true);
        Assert.Equal(counted, SystemErrors(fleet));
    }

    [Fact]
    public void Since_IsWhenTheExporterBegan_AndStays()
    {
        using var fleet = new JournaledFleet();
        Assert.Null(fleet.Fleet.Measure());
        fleet.Apply(new TimeObserved("a", FleetScenario.At(7), TimeSpan.FromSeconds(5)));
        fleet.Snapshot();
        fleet.Restart(clean: true);
        fleet.Apply(new TimeObserved("b", FleetScenario.At(900), TimeSpan.FromSeconds(12)));

        Assert.Equal(FleetScenario.At(2), fleet.Fleet.Measure()!.Since);
    }

    [Fact]
    public void Note_TheFirst_IsDueAtOnce()
    {
        using var fleet = new FleetScenario();
        fleet.Watch.Observe(TimeSpan.FromSeconds(1));
        var note = fleet.Watch.Note(FleetScenario.At(1));

        Assert.NotNull(note);
        fleet.Fleet.Apply(note);
        Assert.Equal(FleetScenario.At(0), fleet.Fleet.Since);
        Assert.Null(fleet.Watch.Note(FleetScenario.At(2)));
    }

    private static Scraped Scrape(FleetScenario fleet) => Scraped.From(fleet.Registry);

    private static void Note(FleetScenario fleet) => fleet.Fleet.Apply(new TimeObserved("note", FleetScenario.Noon, TimeSpan.Zero));

    private static (int? Pending, int? Executing) Active(FleetScenario fleet)
    {
        var figure = Assert.Single(fleet.Fleet.Measure()!.Workflows);
        return (figure.Pending, figure.Executing);
    }

    private static IEnumerable<string> SystemErrors(JournaledFleet fleet) => fleet.Fleet.Measure()!.SystemErrors.Select(error => $"{error.RunnerType} {error.Reason} {error.Count}");

    private static WorkflowRunEnded Ended(string id, long run, string conclusion = "success", int attempt = 1, double took = 10) => new(
        id, FleetScenario.At(0), "https://github.com", RepositoryName.Kept("acme/shop"), "CI", run, attempt, FleetScenario.At(-took), conclusion, "", "");

    private static WorkflowJobChanged Changed(WorkflowJobState state, long job, long run) => new(
        $"{job}-{state}", FleetScenario.Noon, FleetScenario.Noon, state,
        new WorkflowJob(job, job, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", $"build {job}", run, 1, "standard")
        {
            RunnerName = state >= WorkflowJobState.InProgress ? "r9" : "",
            StartedAt = FleetScenario.Noon,
            Conclusion = state == WorkflowJobState.Completed ? JobConclusion.Success : null,
            CompletedAt = state == WorkflowJobState.Completed ? FleetScenario.Noon : null,
        });
}
