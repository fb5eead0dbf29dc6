using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Who a runner is: names are an organisation's own, and where a runner is registered may become known only after its first sign.</summary>
public sealed class FleetScopeTests : IDisposable
{
    private const string Acme = "github.com/acme", Zoo = "github.com/zoo";
    private static readonly string[] PerRunner = ["github_runner_status", "github_runner_jobs_total", "github_runner_cache_requests_total", "github_runner_queue_time_seconds"];

    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Runners_OfOneNameInTwoOrganisations_AreTwo()
    {
        var (ours, theirs) = (FleetScenario.Runner("build-1", scope: Acme), FleetScenario.Runner("build-1", "life-9", scope: Zoo));
        _fleet.Beat(0, RunnerState.Busy, ours);
        _fleet.Beat(0, RunnerState.Disconnected, theirs);
        _fleet.End("a", 5, runner: ours);
        _fleet.End("b", 6, JobConclusion.Failed, runner: theirs);
        _fleet.Stop(7, ours);

        Assert.Equal((0, 0), (Of("github_runner_status", Acme), Of("github_runner_status", Zoo)));
        Assert.Equal((1, 0), (Of("github_runner_jobs_total", Acme, ",status=\"success\""), Of("github_runner_jobs_total", Zoo, ",status=\"success\"")));
        Assert.Equal((0, 1), (Of("github_runner_jobs_total", Acme, ",status=\"failed\""), Of("github_runner_jobs_total", Zoo, ",status=\"failed\"")));
        Assert.Equal([Acme, Zoo], _fleet.Fleet.Describe().Select(runner => runner.Scope));

        // The decisions of the watch are each about one of them.
        Assert.Equal(Zoo, Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge(40))).RunnerScope);
        Assert.Equal([Acme, Zoo], _fleet.Judge(8 * 24 * 3600).Cast<RunnerForgotten>().Select(forgotten => forgotten.RunnerScope).Order(StringComparer.Ordinal));
        Assert.Empty(_fleet.Fleet.Describe());
    }

    [Fact]
    public void Scope_LearnedLate_MovesTheRunnerWithAllThatWasCounted()
    {
        _fleet.Beat(0, RunnerState.Busy);
        _fleet.End("a", 5, from: 1);
        _fleet.End("b", 9, JobConclusion.Failed, JobFailureReason.Runner);
        _fleet.Cache("npm", 8, 2);
        _fleet.Wait(1, 3);
        _fleet.Start("c", 10);

        _fleet.Beat(20, RunnerState.Busy, FleetScenario.Runner(scope: Acme), lost: 3);

        var text = _fleet.Scrape().Text;
        Assert.DoesNotContain("runner_name=\"r1\",runner_type=\"standard\"}", text, StringComparison.Ordinal);
        Assert.All(PerRunner, family => Assert.All(
            text.Split('\n').Where(line => line.StartsWith(family + "{", StringComparison.Ordinal)), line => Assert.Contains($",runner_scope=\"{Acme}\"", line, StringComparison.Ordinal)));
        Assert.Equal((1, 1), (Of("github_runner_jobs_total", Acme, ",status=\"success\"", "r1"), Of("github_runner_job_failures_total", Acme, ",reason=\"runner\"", "r1")));
        Assert.Equal((1, 4), (Of("github_runner_job_duration_seconds_count", Acme, ",status=\"success\"", "r1"), Of("github_runner_job_duration_seconds_sum", Acme, ",status=\"success\"", "r1")));
        Assert.Equal((8, 0.8), (Of("github_runner_cache_requests_total", Acme, ",cache_type=\"npm\",result=\"hit\"", "r1"), Of("github_runner_cache_hit_rate", Acme, ",cache_type=\"npm\"", "r1")));
        Assert.Equal((3, 3), (Of("github_runner_queue_time_seconds", Acme, "", "r1"), Of("github_runner_job_queue_duration_seconds_sum", Acme, "", "r1")));
        Assert.Equal((1, FleetScenario.At(10).ToUnixTimeSeconds()), (Of("github_runner_busy", Acme, "", "r1"), Of("github_runner_job_start_time_seconds", Acme, "", "r1")));
        Assert.Equal(1, _fleet.Scrape()["github_runners{runner_type=\"standard\",state=\"busy\"}"]);

        _fleet.End("c", 30, from: 10, runner: FleetScenario.Runner(scope: Acme));
        Assert.Equal(2, Of("github_runner_jobs_total", Acme, ",status=\"success\"", "r1"));
    }

    [Fact]
    public void Scope_LearnedLate_IsOneEventAndSurvivesARestart()
    {
        using var fleet = new JournaledFleet();
        fleet.Beat(0, FleetScenario.Runner());
        fleet.Apply(new JobCompleted("e", FleetScenario.At(5), FleetScenario.Runner(), FleetScenario.Job("a"), JobConclusion.Success, null, FleetScenario.At(1), FleetScenario.At(5)));
        var heartbeat = new Heartbeat(FleetScenario.Runner(scope: Acme), RunnerState.Idle, FleetScenario.At(-100), FleetScenario.At(10), FleetScenario.At(10), 0);
        Assert.NotNull(fleet.Fleet.FirstSign(heartbeat));
        fleet.Beat(10, FleetScenario.Runner(scope: Acme));
        Assert.Null(fleet.Fleet.FirstSign(heartbeat with { OccurredAt = FleetScenario.At(20), ReceivedAt = FleetScenario.At(20) }));
        var before = fleet.Counts();

        fleet.Restart(clean: false, readyAt: 30);
        Assert.Equal(before, fleet.Counts());
        fleet.Restart(clean: true, readyAt: 40);

        Assert.Equal(before, fleet.Counts());
        Assert.Equal(1, fleet.Scrape()[$"github_runner_jobs_total{{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"{Acme}\",status=\"success\"}}"]);
    }

    // An agent's cache report may know no life, and what its spool still held was written before the scope was known.
    [Theory]
    [InlineData("life-1")]
    [InlineData("")]
    public void Event_WithoutScopeOfALifeWhoseScopeIsKnown_IsThatRunners(string life)
    {
        _fleet.Beat(0, runner: FleetScenario.Runner(scope: Acme));
        _fleet.Cache("npm", 1, 0, FleetScenario.Runner(life: life));
        _fleet.End("a", 5, from: 1, runner: FleetScenario.Runner(life: life));
        _fleet.Beat(20, runner: FleetScenario.Runner(life: life));

        Assert.Equal([Acme], _fleet.Fleet.Describe().Select(runner => runner.Scope));
        Assert.Equal((1, 1), (Of("github_runner_jobs_total", Acme, ",status=\"success\"", "r1"), Of("github_runner_cache_requests_total", Acme, ",cache_type=\"npm\",result=\"hit\"", "r1")));
    }

    [Fact]
    public void Scope_OfARunnerInAnotherLifeWhileTheOneWithoutIsThere_IsAnotherRunners()
    {
        _fleet.Beat(0);
        _fleet.End("a", 5);

        _fleet.Beat(20, runner: FleetScenario.Runner(life: "life-9", scope: Zoo));

        Assert.Equal(["", Zoo], _fleet.Fleet.Describe().Select(runner => runner.Scope));
        Assert.Equal(0, Of("github_runner_jobs_total", Zoo, ",status=\"success\"", "r1"));
    }

    [Fact]
    public void Ephemeral_OfTwoOrganisations_AreCountedApart()
    {
        foreach (var (job, scope) in ((string, string)[])[("a", Acme), ("b", Acme), ("c", Zoo)])
        {
            _fleet.End(job, 5, runner: FleetScenario.Runner($"e-{job}", ephemeral: true, scope: scope));
        }

        Assert.Equal((2, 1), (Of("github_runner_jobs_total", Acme, ",status=\"success\"", "ephemeral"), Of("github_runner_jobs_total", Zoo, ",status=\"success\"", "ephemeral")));
    }

    [Fact]
    public void Scope_WrittenInAnotherCase_IsTheSame()
    {
        _fleet.Beat(0, runner: FleetScenario.Runner(scope: "github.com/Acme/"));
        _fleet.Beat(10, runner: FleetScenario.Runner(scope: Acme));

        Assert.Equal(Acme, Assert.Single(_fleet.Fleet.Describe()).Scope);
    }

    private double? Of(string name, string scope, string more = "", string runner = "build-1") =>
        _fleet.Scrape()[$"{name}{{runner_name=\"{runner}\",runner_type=\"standard\",runner_scope=\"{scope}\"{more}}}"];
}
