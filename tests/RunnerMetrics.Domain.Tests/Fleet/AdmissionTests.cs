using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

public sealed class AdmissionTests : IDisposable
{
    private static readonly FleetOptions Limits = new() { MaxRunnerRecords = 3, MaxOpenJobsPerRunner = 2, MaxOpenJobBytes = 10_000 };

    private readonly FleetScenario _fleet = new(Limits);
    private readonly Admission _admission;

    public AdmissionTests() => _admission = new Admission(_fleet.Fleet, _fleet.Registry, Limits);

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Refuse_NewRunnerPastTheLimit_SaysWhatMakesRoom()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(Take(Seen($"r{i}")));
        }

        Assert.Equal(
            "the exporter already remembers 3 runners, its limit: wait until some are forgotten, or raise --max-runners", Take(Seen("r3")));
        Assert.Null(Take(Seen("r1")));
        Assert.Null(Take(new JobStarted("s", FleetScenario.Noon, FleetScenario.Runner("r1"), FleetScenario.Job("a"))));
        Assert.NotNull(Take(new JobCompleted(
            "c", FleetScenario.Noon, FleetScenario.Runner("r4"), FleetScenario.Job("b"), JobConclusion.Success, null, null, FleetScenario.Noon)));
        Assert.NotNull(Take(new RunnerStopped("t", FleetScenario.Noon, FleetScenario.Runner("r5"), "")));
        Assert.NotNull(Take(new CacheReported("u", FleetScenario.Noon, FleetScenario.Runner("r6"), "npm", 1, 1)));
        Assert.NotNull(Take(Running("r7")));
        Assert.NotNull(Take(Running("r8", isEphemeral: true)));
        Assert.Equal(3, _fleet.Fleet.Describe().Count);

        _fleet.Fleet.Apply(new RunnerForgotten("f", FleetScenario.Noon, "r0", "standard") { Observed = TimeSpan.FromSeconds(1) });
        Assert.Null(Take(Seen("r3")));
    }

    [Fact]
    public void Refuse_WithinOneGroup_ReckonsWithWhatTheGroupAdds()
    {
        _admission.Begin();
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => _admission.Refuse(Seen($"r{i}")) is null));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(i => _admission.Refuse(Started("r0", $"j{i}")) is null));
    }

    [Fact]
    public void Refuse_StartsWithoutEnds_UntilOneEnds()
    {
        Assert.Null(Take(Started("r1", "a")));
        Assert.Null(Take(Started("r1", "b")));
        Assert.Equal("runner 'r1' has 2 jobs that started and did not end: report their ends first", Take(Started("r1", "c")));
        Assert.Null(Take(Started("r2", "d")));

        _fleet.End("a", 10, from: 1);
        Assert.Null(Take(Started("r1", "c")));
    }

    [Fact]
    public void Refuse_TheStartOfAJobThatEnded_TakesNoRoom()
    {
        Take(Started("r1", "a"));
        Take(Started("r1", "b"));
        _fleet.End("late", 10, from: 1);

        Assert.Null(Take(Started("r1", "late")));
        Assert.Equal(2, _fleet.Fleet.Describe().Single().OpenJobs);
    }

    [Fact]
    public void Refuse_LongDescriptions_AreBoundedByTheirBytes()
    {
        var job = FleetScenario.Job("a") with { Name = new string('n', 4_000) };
        Assert.Null(Take(new JobStarted("s", FleetScenario.Noon, FleetScenario.Runner(), job)));
        Assert.Contains("all the memory", Take(new JobStarted("t", FleetScenario.Noon, FleetScenario.Runner("r2"), job with { Key = "b" })), StringComparison.Ordinal);

        _fleet.End("a", 10, from: 1);
        Assert.Null(Take(new JobStarted("u", FleetScenario.Noon, FleetScenario.Runner("r2"), job with { Key = "b" })));
    }

    [Fact]
    public void Refuse_NamesThatTheirSenderMayNotBringUp_LeavesTheOthers()
    {
        var names = new Names(1);
        Assert.Null(_admission.Refuse(Seen("r1"), names));
        Assert.Equal("no more names", _admission.Refuse(Seen("r2"), names));
        Assert.Null(_admission.Refuse(Seen("r1"), names));
        Assert.Null(_admission.Refuse(Seen("r2")));
    }

    [Fact]
    public void Load_WithFewerRecordsAllowed_KeepsWhatWasCounted()
    {
        using var fleet = new JournaledFleet();
        for (var i = 0; i < 5; i++)
        {
            var runner = FleetScenario.Runner($"r{i}");
            fleet.Apply(new JobCompleted(
                $"e{i}", FleetScenario.At(60), runner, FleetScenario.Job($"j{i}"), JobConclusion.Success, null, FleetScenario.At(1), FleetScenario.At(60)));
            fleet.Apply(new JobStarted($"s{i}", FleetScenario.At(70), runner, FleetScenario.Job($"k{i}")));
        }

        fleet.Restart(clean: true, options: new FleetOptions { MaxRunnerRecords = 2 });

        Assert.Equal(2, fleet.Fleet.Describe().Count);
        Assert.Equal(3, fleet.Fleet.LeftOut);
        Assert.Equal(5, fleet.Scrape().Sum("github_runner_jobs_total", "success"));
        Assert.Equal(3, fleet.Scrape()["github_runner_jobs_total{runner_name=\"other\",runner_type=\"standard\",status=\"success\"}"]);
    }

    private string? Take(FleetEvent happened)
    {
        _admission.Begin();
        var refusal = _admission.Refuse(happened);
        if (refusal is null)
        {
            _fleet.Fleet.Apply(happened);
        }

        return refusal;
    }

    private RunnerSeen Seen(string name) => new(_fleet.NextId(), FleetScenario.Noon, FleetScenario.Runner(name), FleetScenario.Noon);

    private JobStarted Started(string name, string job) => new(_fleet.NextId(), FleetScenario.Noon, FleetScenario.Runner(name), FleetScenario.Job(job));

    private WorkflowJobChanged Running(string name, bool isEphemeral = false) => new(
        _fleet.NextId(), FleetScenario.Noon, FleetScenario.Noon, WorkflowJobState.InProgress,
        new WorkflowJob(1, 1, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", 1, 1, "standard") { RunnerName = name, RunnerIsEphemeral = isEphemeral });

    private sealed class Names(int left) : INameBudget
    {
        private int _left = left;

        public string Refusal => "no more names";

        public bool TryTake() => _left-- > 0;
    }
}
