using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>What GitHub's API tells beside what agents say, and why jobs wait.</summary>
public sealed class FleetRegisteredTests : IDisposable
{
    private const string Scope = "github.com/acme";
    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("standard", true, false, "unknown")]
    [InlineData("standard", true, true, "all_busy")]
    [InlineData("standard", false, false, "offline")]
    [InlineData("gpu", true, false, "no_matching_runner")]
    public void Wait_WithGitHubsList_HasTheReasonThatItSays(string label, bool isOnline, bool isBusy, string reason)
    {
        Queue(1, label);
        _fleet.Fleet.ShowRegistered(Scope, [Runner(1, "r1", isOnline, isBusy)], FleetScenario.Noon);

        Assert.Equal([(reason, 1)], _fleet.Fleet.DescribeWaits().Select(jobs => (jobs.Reason, jobs.Count)));
        var type = reason == "no_matching_runner" ? "" : "runner_type=\"standard\",";
        Assert.Equal(40, _fleet.Scrape(40).Samples[$"github_workflow_jobs_oldest_wait_seconds{{{type}reason=\"{reason}\"}}"]);
    }

    [Fact]
    public void Wait_WithoutGitHubsList_GoesByTheAgentsOfItsType()
    {
        Queue(1, "standard");
        Assert.Equal("unknown", ReasonOf());

        _fleet.Beat(0);
        Assert.Equal("unknown", ReasonOf()); // it is idle, and will take it

        _fleet.Start("a", 1);
        Assert.Equal("all_busy", ReasonOf());

        _fleet.Fleet.Apply(new RunnerStopped("s", FleetScenario.At(2), FleetScenario.Runner(), "asked to"));
        Assert.Equal("offline", ReasonOf());
    }

    [Fact]
    public void Wait_OfARepositoryElsewhere_IsNotExplainedByAnotherOwnersRunners()
    {
        Queue(1, "gpu");
        _fleet.Fleet.ShowRegistered("github.com/other", [Runner(1, "r1", true, false)], FleetScenario.Noon);

        Assert.Equal("unknown", ReasonOf());
    }

    [Fact]
    public void Wait_ThatEnds_HasNoSampleAnyMore()
    {
        Queue(1, "standard");
        Assert.Contains("github_workflow_jobs_oldest_wait_seconds{", _fleet.Scrape(1).Text, StringComparison.Ordinal);

        _fleet.Fleet.Apply(new WorkflowJobChanged("c", FleetScenario.At(5), FleetScenario.At(5), WorkflowJobState.InProgress, Job(1, "standard") with { RunnerName = "r1", StartedAt = FleetScenario.At(5) }));
        Assert.DoesNotContain("github_workflow_jobs_oldest_wait_seconds{", _fleet.Scrape(6).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Polled_TheFirstIsTheMark_AndTheLatestTheEnd_AlsoAfterARestart()
    {
        Assert.Null(_fleet.Fleet.PolledOf(Scope));
        foreach (var (id, at) in new[] { ("a", 0), ("c", 600), ("b", 300) })
        {
            _fleet.Fleet.Apply(new JobsPolled(id, FleetScenario.At(at), Scope));
        }

        Assert.Equal((FleetScenario.At(0), FleetScenario.At(600)), _fleet.Fleet.PolledOf(Scope));
        using var saved = new MemoryStream();
        _fleet.Fleet.Save(saved);
        saved.Position = 0;
        using var again = new FleetScenario();
        again.Fleet.Load(saved);
        Assert.Equal((FleetScenario.At(0), FleetScenario.At(600)), again.Fleet.PolledOf(Scope));
    }

    [Fact]
    public void Restart_WhileJobsWait_GivesTheSameText()
    {
        Queue(2, "gpu");
        Queue(1, "standard");
        var before = _fleet.Scrape(50).Text;
        using var saved = new MemoryStream();
        _fleet.Fleet.Save(saved);
        saved.Position = 0;
        using var again = new FleetScenario();
        again.Fleet.Load(saved);

        Assert.Equal(before, again.Scrape(50).Text);
    }

    [Fact]
    public void Runner_WhoseVersionGitHubRefuses_IsRefusedUntilItIsHeardAgain()
    {
        _fleet.Beat(0);
        const string Refused = "github_runners{runner_type=\"standard\",state=\"refused\"}";
        Assert.False(_fleet.Scrape(1).Samples.ContainsKey(Refused));

        _fleet.Fleet.Apply(new RunnerStopped(
            "s", FleetScenario.At(10), FleetScenario.Runner(), "An error occured: Runner version v2.317.0 is deprecated and cannot receive messages."));
        Assert.Equal(1, _fleet.Scrape(11).Samples[Refused]);
        Assert.Equal(0, _fleet.Scrape(11).Samples["github_runners{runner_type=\"standard\",state=\"offline\"}"]);
        Assert.Equal("refused", _fleet.Fleet.Describe().Single().State);

        using var saved = new MemoryStream();
        _fleet.Fleet.Save(saved);
        saved.Position = 0;
        using var again = new FleetScenario();
        again.Fleet.Load(saved);
        Assert.Equal(1, again.Scrape(11).Samples[Refused]);

        _fleet.Beat(60);
        Assert.Equal(0, _fleet.Scrape(61).Samples[Refused]);
        Assert.Equal(1, _fleet.Scrape(61).Samples["github_runners{runner_type=\"standard\",state=\"idle\"}"]);
    }

    private string ReasonOf() => Assert.Single(_fleet.Fleet.DescribeWaits()).Reason;

    private static RegisteredRunner Runner(long id, string name, bool isOnline, bool isBusy) => new(id, name, isOnline, isBusy, "2.336.0", ["self-hosted", "Standard"]);

    private void Queue(long id, string label) => _fleet.Fleet.Apply(new WorkflowJobChanged($"q{id}", FleetScenario.Noon, FleetScenario.Noon, WorkflowJobState.Queued, Job(id, label)));

    private static WorkflowJob Job(long id, string label) =>
        new(id, id, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", 7, 1, "standard") { CreatedAt = FleetScenario.Noon, Labels = ["self-hosted", label] };
}
