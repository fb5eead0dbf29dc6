using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Two senders that speak for one runner: seen by people, and neither silences the other for good.</summary>
public sealed class FleetConflictTests : IDisposable
{
    private const string Status = "github_runner_status{runner_name=\"r1\",runner_type=\"standard\"}";

    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Hear_TwoLivesThatBothBeat_IsAConflict()
    {
        Beat(0, "real", started: -1000);
        Beat(1, "other", started: -10);
        Assert.False(Beat(10, "real", started: -1000).IsConflict);
        Assert.False(Beat(11, "other", started: -10).IsConflict);
        Assert.True(Beat(20, "real", started: -1000).IsConflict);
    }

    [Fact]
    public void Hear_ARunnerThatWasMadeAnew_IsNone()
    {
        Beat(0, "before", started: -1000);
        Beat(10, "before", started: -1000);
        Beat(15, "after", started: 12);
        Assert.False(Beat(16, "before", started: -1000).IsConflict);
        Assert.False(Beat(25, "after", started: 12).IsConflict);
        Assert.False(Beat(35, "after", started: 12).IsConflict);
    }

    [Fact]
    public void Hear_TheRealOneOnceTheStrangerIsSilent_ShowsItAgain()
    {
        Beat(0, "real", started: -1000);
        Beat(1, "stranger", started: 0);
        _fleet.Judge(40);
        Assert.Equal(0, _fleet.Scrape()[Status]);

        Beat(41, "real", started: -1000);

        var scrape = _fleet.Scrape();
        Assert.Equal(1, scrape[Status]);
        Assert.Equal(FleetScenario.At(-1000).ToUnixTimeSeconds(), scrape["github_runner_start_time_seconds{runner_name=\"r1\",runner_type=\"standard\"}"]);
        Beat(50, "real", started: -1000);
        Assert.Empty(_fleet.Judge(75));
    }

    private HeartbeatOutcome Beat(double at, string life, double started)
    {
        _fleet.Observe(at);
        var heartbeat = new Heartbeat(FleetScenario.Runner(life: life), RunnerState.Idle, FleetScenario.At(started), FleetScenario.At(at), FleetScenario.At(at), 0);
        if (_fleet.Fleet.FirstSign(heartbeat) is { } seen)
        {
            _fleet.Fleet.Apply(seen);
        }

        return _fleet.Fleet.RecordHeartbeat(heartbeat);
    }
}
