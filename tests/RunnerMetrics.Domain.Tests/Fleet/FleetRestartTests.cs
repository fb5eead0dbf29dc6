using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

public sealed class FleetRestartTests : IDisposable
{
    private const string R1 = "{runner_name=\"r1\",runner_type=\"standard\"}";
    private const double Hour = 3600, Day = 24 * Hour;

    private readonly JournaledFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    private double? Status => _fleet.Scrape()["github_runner_status" + R1];

    [Fact]
    public void Killed_AfterASilentRunnerCameBack_DoesNotShowItOffline()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        Assert.Single(_fleet.Judge(40));
        _fleet.Beat(50, FleetScenario.Runner());

        _fleet.Restart(clean: false, readyAt: 60);

        Assert.Equal(1, Status);
        Assert.Empty(_fleet.Judge(90));
    }

    [Fact]
    public void Killed_AfterAStoppedRunnerCameBack_DoesNotShowItOffline()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new RunnerStopped("stop", FleetScenario.At(5), FleetScenario.Runner(), ""));
        _fleet.Beat(20, FleetScenario.Runner(life: "life-2"), started: 15);

        _fleet.Restart(clean: false, readyAt: 60);

        Assert.Equal(1, Status);
    }

    [Fact]
    public void Killed_AfterAStop_StillShowsItOffline()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new RunnerStopped("stop", FleetScenario.At(5), FleetScenario.Runner(), ""));

        _fleet.Restart(clean: false, readyAt: 60);

        Assert.Equal(0, Status);
    }

    [Fact]
    public void Heartbeat_OfARunnerThatIsBack_IsNewsOnlyOnce()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Judge(40);
        var heartbeat = new Heartbeat(FleetScenario.Runner(), RunnerState.Idle, FleetScenario.At(-100), FleetScenario.At(50), FleetScenario.At(50), 0);
        Assert.NotNull(_fleet.Fleet.FirstSign(heartbeat));
        _fleet.Beat(50, FleetScenario.Runner());

        Assert.Null(_fleet.Fleet.FirstSign(heartbeat with { OccurredAt = FleetScenario.At(60), ReceivedAt = FleetScenario.At(60) }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DownForADay_CondemnsNobodyBeforeOneTimeOutAfterReady(bool clean)
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new JobStarted("e", FleetScenario.At(1), FleetScenario.Runner(), FleetScenario.Job("a")));
        _fleet.Restart(clean, readyAt: Day);

        Assert.Equal(1, Status);
        Assert.Empty(_fleet.Judge(Day + 30));
        Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge(Day + 31)));
        Assert.Empty(_fleet.Judge(Day + 32));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DownForLongerThanLostAfter_IsNoSilenceOfAnybodys(bool clean)
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new JobStarted("e", FleetScenario.At(1), FleetScenario.Runner(), FleetScenario.Job("a")));
        _fleet.Restart(clean, readyAt: 3 * Day);

        Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge((3 * Day) + 31)));
        Assert.Empty(_fleet.Judge((5 * Day) - 1));
        Assert.IsType<JobGivenUp>(Assert.Single(_fleet.Judge((5 * Day) + 1)));
    }

    [Fact]
    public void Restart_AfterALongSilence_GivesAgentsTimeToTell()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new JobStarted("e", FleetScenario.At(1), FleetScenario.Runner(), FleetScenario.Job("a")));
        _fleet.Judge(40);
        _fleet.Observe((2 * Day) - 1);
        _fleet.Restart(clean: true, readyAt: 3 * Day);

        Assert.Empty(_fleet.Judge((3 * Day) + 600));
        Assert.IsType<JobGivenUp>(Assert.Single(_fleet.Judge((3 * Day) + 601)));
    }

    [Fact]
    public void Killed_AfterTheTimeWasNoted_GoesOnWithTheSilence()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Judge(40);
        _fleet.Observe(6 * Day);
        Assert.NotNull(_fleet.Watch.Note(FleetScenario.At(0)) is { } note ? _fleet.Apply(note) : null);
        Assert.Null(_fleet.Watch.Note(FleetScenario.At(0)));
        _fleet.Restart(clean: false, readyAt: 6 * Day);

        Assert.Empty(_fleet.Judge(7 * Day));
        Assert.IsType<RunnerForgotten>(Assert.Single(_fleet.Judge((7 * Day) + 41)));
    }

    // The exporter's clock was ahead while it heard them, and was set right.
    [Fact]
    public void Silence_WithAClockThatWasSetBack_IsSeenAllTheSame()
    {
        var ahead = FleetScenario.At(2 * Hour);
        var heartbeat = new Heartbeat(FleetScenario.Runner(), RunnerState.Idle, FleetScenario.At(-100), ahead, ahead, 0);
        _fleet.Apply(_fleet.Fleet.FirstSign(heartbeat)!);
        _fleet.Fleet.RecordHeartbeat(heartbeat);

        _fleet.Restart(clean: false);
        Assert.IsType<RunnerSilent>(Assert.Single(_fleet.Judge(31)));
        Assert.Equal(0, Status);
    }

    [Fact]
    public void Observe_ByAnExporterThatStoodStill_JudgesNobodyWhoWasHeardShortlyBefore()
    {
        _fleet.Observe(100);
        _fleet.Beat(100, FleetScenario.Runner());

        _fleet.Watch.Observe(TimeSpan.FromMinutes(10));

        Assert.Empty(_fleet.Watch.Judge(FleetScenario.At(700)));
    }

    // Heartbeats are not journaled: after a kill nobody knows that the runner was there all the time.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DownForLongerThanTheRetention_KeepsTheSeriesForOneRetention(bool clean)
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Beat(8 * Day, FleetScenario.Runner());
        _fleet.Restart(clean, readyAt: 16 * Day);

        Assert.Single(_fleet.Judge((16 * Day) + 31));
        Assert.Empty(_fleet.Judge((23 * Day) + 31));
        Assert.IsType<RunnerForgotten>(Assert.Single(_fleet.Judge((23 * Day) + 32)));
    }

    [Fact]
    public void GivenUp_WhoseEndCameInMeanwhile_ChangesNothing()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Apply(new JobStarted("e", FleetScenario.At(1), FleetScenario.Runner(), FleetScenario.Job("a")));
        _fleet.Beat(1, FleetScenario.Runner());
        _fleet.Observe(49 * Hour);
        var verdict = _fleet.Watch.Judge(FleetScenario.At(49 * Hour)).OfType<JobGivenUp>().Single();
        _fleet.Apply(new JobCompleted(
            "f", FleetScenario.At(60), FleetScenario.Runner(), FleetScenario.Job("a"), JobConclusion.Success, null, FleetScenario.At(1), FleetScenario.At(60)));
        var before = _fleet.Scrape().Text;

        Assert.Equal(ApplyOutcome.Duplicate, _fleet.Apply(verdict));
        Assert.Equal(before, _fleet.Scrape().Text);
    }

    [Fact]
    public void Forgotten_WhoWasHeardMeanwhile_IsKept()
    {
        _fleet.Beat(0, FleetScenario.Runner());
        _fleet.Judge(40);
        _fleet.Observe(8 * Day);
        var verdict = Assert.IsType<RunnerForgotten>(Assert.Single(_fleet.Watch.Judge(FleetScenario.At(8 * Day))));
        _fleet.Beat(8 * Day, FleetScenario.Runner());
        _fleet.Apply(verdict);

        Assert.Equal(1, Status);
    }

    [Fact]
    public void Restart_WithLowerLimits_LosesNoCount()
    {
        for (var i = 0; i < 5; i++)
        {
            var runner = FleetScenario.Runner($"e-{i}", type: $"t{i}", ephemeral: true);
            _fleet.Apply(new JobCompleted(
                $"e{i}", FleetScenario.At(60), runner, FleetScenario.Job($"j{i}"), JobConclusion.Success, null, FleetScenario.At(1), FleetScenario.At(60)));
        }

        var before = _fleet.Counts();
        _fleet.Restart(clean: true, options: new FleetOptions { MaxLabelSets = 2, MaxRunners = 1 });

        Assert.Equal(before, _fleet.Counts());
    }
}
