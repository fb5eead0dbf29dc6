using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

public sealed class FleetLivenessTests : IDisposable
{
    private const string R1 = "{runner_name=\"r1\",runner_type=\"standard\"}";
    private const double Hour = 3600;
    private const double Day = 24 * Hour;

    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    private double? Status => _fleet.Scrape()["github_runner_status" + R1];

    private double? Busy => _fleet.Scrape()["github_runner_busy" + R1];

    private double? Unresolved => _fleet.Scrape()["github_runner_jobs_unresolved" + R1];

    private double? Lost => _fleet.Scrape()["github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",status=\"lost\"}"];

    private double? Runners(string state) => _fleet.Scrape()[$"github_runners{{runner_type=\"standard\",state=\"{state}\"}}"];

    [Fact]
    public void Heartbeat_States_ShowAsStatusBusyAndCounts()
    {
        _fleet.Beat(0, RunnerState.Idle);
        Assert.Equal((1, 0, 1), (Status, Busy, Runners("idle")));
        _fleet.Beat(10, RunnerState.Busy);
        Assert.Equal((1, 1, 1), (Status, Busy, Runners("busy")));
        _fleet.Beat(20, RunnerState.Disconnected);
        Assert.Equal((0, 0, 1), (Status, Busy, Runners("disconnected")));
        Assert.Equal((0, 0, 0), (Runners("idle"), Runners("busy"), Runners("offline")));
    }

    [Fact]
    public void Heartbeat_StartKnown_ShowsUptimeWhileOnline()
    {
        _fleet.Beat(0, started: -100);
        Assert.Equal(120, _fleet.Scrape(20)["github_runner_uptime_seconds" + R1]);
        Assert.Equal(FleetScenario.At(-100).ToUnixTimeSeconds(), _fleet.Scrape()["github_runner_start_time_seconds" + R1]);

        _fleet.Judge(31);
        Assert.Null(_fleet.Scrape(31)["github_runner_uptime_seconds" + R1]);
    }

    [Fact]
    public void Heartbeat_StartUnknown_ShowsNoUptime()
    {
        _fleet.Beat(0, started: null);

        Assert.Null(_fleet.Scrape(20)["github_runner_uptime_seconds" + R1]);
        Assert.Null(_fleet.Scrape(20)["github_runner_start_time_seconds" + R1]);
    }

    [Fact]
    public void Heartbeat_NothingNew_TellsNoFirstSign()
    {
        _fleet.Beat(0);
        Assert.Null(_fleet.Fleet.FirstSign(Beat(10, FleetScenario.Runner())));
    }

    [Fact]
    public void Heartbeat_ChangedVersionOfANamelessLife_IsNewsOnlyOnce()
    {
        _fleet.Beat(0, runner: FleetScenario.Runner(life: "", version: "2.335.0"));
        var updated = FleetScenario.Runner(life: "", version: "2.336.0");
        Assert.NotNull(_fleet.Fleet.FirstSign(Beat(10, updated)));
        _fleet.Beat(10, runner: updated);

        Assert.Null(_fleet.Fleet.FirstSign(Beat(20, updated)));
        Assert.Equal(1, _fleet.Scrape()["github_runner_info{runner_name=\"r1\",runner_type=\"standard\",version=\"2.336.0\"}"]);
        Assert.Null(_fleet.Scrape()["github_runner_info{runner_name=\"r1\",runner_type=\"standard\",version=\"2.335.0\"}"]);
    }

    [Fact]
    public void Heartbeat_OfAnEarlierLife_IsNoNews()
    {
        _fleet.Beat(0, started: -100);
        _fleet.Beat(10, runner: FleetScenario.Runner(life: "life-2"), started: 5);

        Assert.Null(_fleet.Fleet.FirstSign(Beat(11, FleetScenario.Runner())));
    }

    [Fact]
    public void Heartbeat_StartShiftedBySkew_IsNoNewLifeAndNoNews()
    {
        _fleet.Beat(0, started: -100);
        Assert.Null(_fleet.Fleet.FirstSign(Beat(10, FleetScenario.Runner(), started: -99.99)));
        _fleet.Beat(10, started: -99.99);

        Assert.Equal(FleetScenario.At(-100).ToUnixTimeSeconds(), _fleet.Scrape()["github_runner_start_time_seconds" + R1]);
    }

    [Fact]
    public void Silence_LongerThanTheTimeOut_IsOfflineUntilHeardAgain()
    {
        _fleet.Beat(0);
        Assert.Empty(_fleet.Judge(30));
        _fleet.Beat(20);
        Assert.Empty(_fleet.Judge(50));
        Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge(50.5)));
        Assert.Equal((0, 0, 1), (Status, Busy, Runners("offline")));
        Assert.Empty(_fleet.Judge(60));

        _fleet.Beat(61);
        Assert.Equal((1, 1, 0), (Status, Runners("idle"), Runners("offline")));
        Assert.Single(_fleet.Judge(100));
        Assert.Equal(0, Status);
    }

    [Fact]
    public void Silence_HeardAgainBeforeTheVerdictIsFolded_StaysOnline()
    {
        _fleet.Beat(0);
        _fleet.Observe(31);
        var verdict = Assert.Single(_fleet.Watch.Judge(FleetScenario.At(31)));
        _fleet.Beat(31);
        _fleet.Fleet.Apply(verdict);

        Assert.Equal(1, Status);
    }

    [Fact]
    public void Silence_ByTheSendersWrongClock_IsNoSilence()
    {
        _fleet.Beat(-4 * 60, received: 25);
        Assert.Empty(_fleet.Judge(50));
        Assert.Equal(1, Status);
    }

    [Fact]
    public void Judge_WithinOneTimeOutOfReady_JudgesNobody()
    {
        _fleet.Start("a", -60 * Hour);
        _fleet.Beat(-1000, received: -1000);

        Assert.Empty(_fleet.Judge(30));
        Assert.NotEmpty(_fleet.Judge(30.5));
    }

    [Fact]
    public void Stopped_IsOfflineUntilALaterHeartbeat()
    {
        _fleet.Beat(0);
        _fleet.Stop(10);
        Assert.Equal((0, 1), (Status, Runners("offline")));
        _fleet.Beat(9, received: 11);
        Assert.Equal(0, Status);

        _fleet.Beat(20, runner: FleetScenario.Runner(life: "life-2"), started: 15);
        Assert.Equal((1, 0), (Status, Runners("offline")));
    }

    [Fact]
    public void Stopped_LateFromAnEarlierLife_ChangesNoLiveness()
    {
        _fleet.Beat(0, started: -100);
        _fleet.Beat(20, RunnerState.Busy, FleetScenario.Runner(life: "life-2"), started: 15);
        var before = _fleet.Scrape().Text;

        _fleet.Stop(14);
        _fleet.Stop(25);
        _fleet.Beat(14, received: 21);

        Assert.Equal(before, _fleet.Scrape().Text);
    }

    [Fact]
    public void Completed_LateFromALifeNeverHeard_ChangesNoLiveness()
    {
        _fleet.Beat(20, runner: FleetScenario.Runner(life: "life-2"), started: 15);

        _fleet.End("a", 14, from: 3, runner: FleetScenario.Runner(life: "life-1"));
        Assert.Equal((1, 0), (Status, Busy));

        _fleet.Beat(30, runner: FleetScenario.Runner(life: "life-2"), started: 15);
        Assert.Equal(FleetScenario.At(30).ToUnixTimeSeconds(), _fleet.Scrape()["github_runner_last_heartbeat_timestamp_seconds" + R1]);
    }

    [Fact]
    public void Lost_NoticedAfterTheNextLifeBegan_DoesNotSilenceThatLife()
    {
        var present = FleetScenario.Runner(life: "life-2");
        _fleet.Beat(20, runner: present, started: 15);
        _fleet.Lose("a", 25, FleetScenario.Runner(life: "life-1"));

        _fleet.Beat(30, RunnerState.Busy, present, started: 15);

        Assert.Equal((1, 1), (Status, Busy));
        Assert.Equal(FleetScenario.At(30).ToUnixTimeSeconds(), _fleet.Scrape()["github_runner_last_heartbeat_timestamp_seconds" + R1]);
        Assert.Empty(_fleet.Judge(55));
    }

    [Fact]
    public void Busy_LatestWordCounts()
    {
        _fleet.Beat(0, RunnerState.Idle);
        _fleet.Start("a", 10);
        Assert.Equal(1, Busy);
        _fleet.Beat(9, RunnerState.Idle, received: 12);
        Assert.Equal(1, Busy);
        _fleet.Beat(20, RunnerState.Busy);
        _fleet.End("a", 25, from: 10);
        Assert.Equal(0, Busy);
        _fleet.Beat(30, RunnerState.Busy);
        Assert.Equal(1, Busy);
    }

    [Fact]
    public void Busy_IdleHeartbeatLongAfterAStart_IsIdleWithTheJobStillOpen()
    {
        _fleet.Start("a", 10);
        _fleet.Beat(60, RunnerState.Idle);

        Assert.Equal(0, Busy);
        Assert.Null(_fleet.Scrape()["github_runner_job_start_time_seconds" + R1]);
    }

    [Fact]
    public void Silence_DuringAJob_MakesItUnresolvedNotLost()
    {
        _fleet.Beat(0, RunnerState.Busy);
        _fleet.Start("a", 1);
        Assert.Equal(0, Unresolved);
        _fleet.Judge(40);
        Assert.Equal((1, 0), (Unresolved, Lost));
        Assert.Null(_fleet.Scrape()["github_runner_job_start_time_seconds" + R1]);

        _fleet.Beat(50, RunnerState.Busy);
        Assert.Equal((0, 1), (Unresolved, Busy));
    }

    [Fact]
    public void Unresolved_ForLongerThanLostAfter_IsGivenUpOnce()
    {
        _fleet.Beat(0, RunnerState.Busy);
        _fleet.Start("a", 1);
        _fleet.Judge(47 * Hour);
        Assert.Equal((1, 0), (Unresolved, Lost));

        Assert.IsType<JobGivenUp>(Assert.Single(_fleet.Judge((48 * Hour) + 2)));
        Assert.Equal((0, 1), (Unresolved, Lost));
        Assert.Empty(_fleet.Judge(49 * Hour));

        _fleet.End("a", 100, from: 1);
        Assert.Equal(1, Lost);
        Assert.Equal(1, _fleet.Scrape().Sum("github_runner_jobs_total"));
        Assert.Equal(1, _fleet.Scrape().Sum("github_runner_job_corrections_total", "from=\"lost\",to=\"success\""));
    }

    [Fact]
    public void Unresolved_OfALongJobWhoseRunnerFellSilentJustNow_IsNotGivenUp()
    {
        _fleet.Start("a", 1);
        _fleet.Beat(60 * Hour, RunnerState.Busy);

        Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge((60 * Hour) + 40)));
        Assert.Empty(_fleet.Judge((60 * Hour) + 50));
        Assert.Equal((1, 0), (Unresolved, Lost));
        Assert.IsType<JobGivenUp>(Assert.Single(_fleet.Judge((109 * Hour) + 1)));
    }

    [Fact]
    public void Running_ForLongerThanLostAfter_IsNotGivenUpWhileItsRunnerIsHeard()
    {
        _fleet.Start("a", 1);
        _fleet.Beat(60 * Hour, RunnerState.Busy);

        Assert.Empty(_fleet.Judge((60 * Hour) + 1));
    }

    [Fact]
    public void Gone_ForLongerThanTheRetention_LosesItsSeries()
    {
        _fleet.Beat(0);
        _fleet.Cache("npm", 1, 1);
        _fleet.Wait(0, 3);
        _fleet.Judge(40);
        Assert.Empty(_fleet.Judge((7 * Day) + 40));
        Assert.IsType<RunnerForgotten>(Assert.Single(_fleet.Judge((7 * Day) + 41)));

        Assert.DoesNotContain("r1", _fleet.Scrape().Text, StringComparison.Ordinal);
        Assert.Equal(0, Runners("offline"));
        Assert.Empty(_fleet.Fleet.Describe());

        _fleet.Beat(8 * Day);
        Assert.Equal(1, Status);
        Assert.Equal(0, Lost);
    }

    [Fact]
    public void Gone_WithAJobOpen_IsKeptUntilThatIsSettled()
    {
        using var fleet = new FleetScenario(new FleetOptions { Retention = TimeSpan.FromHours(1) });
        fleet.Beat(0);
        fleet.Start("a", 1);
        fleet.Judge(40);

        Assert.Empty(fleet.Judge(2 * Hour));
    }

    [Fact]
    public void Retention_OfARunnerThatOnlyItsJobsTellOf_RunsFromItsLastEvent()
    {
        _fleet.Observe(8 * Day);
        _fleet.End("a", 8 * Day, from: (8 * Day) - 60);
        Assert.Empty(_fleet.Judge((8 * Day) + 1));
        Assert.Empty(_fleet.Judge(14 * Day));
        Assert.Single(_fleet.Judge((15 * Day) + 1));
    }

    [Fact]
    public void Runner_ThatOnlyItsJobsTellOf_IsNeitherOnlineNorOffline()
    {
        _fleet.Start("a", 1);

        Assert.Null(Status);
        Assert.Null(Busy);
        Assert.Null(Runners("offline"));
        Assert.Equal("unknown", Assert.Single(_fleet.Fleet.Describe()).State);
    }

    [Fact]
    public void Heartbeat_EventsLost_CountsWhatIsNew()
    {
        Assert.Equal(5UL, _fleet.Beat(0, lost: 5));
        Assert.Equal(0UL, _fleet.Beat(10, lost: 5));
        Assert.Equal(2UL, _fleet.Beat(20, lost: 7));
        Assert.Equal(1UL, _fleet.Beat(30, lost: 1));
    }

    private static Heartbeat Beat(double at, RunnerIdentity runner, double started = -100) =>
        new(runner, RunnerState.Idle, FleetScenario.At(started), FleetScenario.At(at), FleetScenario.At(at), 0);
}
