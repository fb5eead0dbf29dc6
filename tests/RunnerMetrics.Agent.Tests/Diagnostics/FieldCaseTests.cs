using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>What people's runners really do, from the folders of <c>Fixtures/field</c>: read once, and followed while they are written.</summary>
public class FieldCaseTests
{
    private static readonly Dictionary<string, string[]> Expected = new(StringComparer.Ordinal)
    {
        ["abandoned-lease-lost"] = ["failed/runner"],
        ["abandoned-renewal-throws"] = ["cancelled", "success"],
        ["broker-blackhole-first-poll"] = [],
        ["broker-migration-badrequest"] = [],
        ["clock-behind-after-reboot"] = ["failed/job", "success"],
        ["clock-set-back-between-jobs"] = ["success", "failed/job", "failed/job"],
        ["completion-refused"] = ["failed/runner"],
        ["config-asked-while-idle"] = ["failed/job"],
        ["deprecated-exit"] = [],
        ["deprecated-exit-no-lock"] = [],

        // GitHub had taken the job back, as it does when somebody cancels it, before the runner began it: nobody lost anything.
        ["first-renewal-not-found"] = ["cancelled"],
        ["ipc-timeout"] = ["lost/runner"],
        ["name-unicode"] = ["failed/job"],
        ["pages"] = ["failed/job", "success"],
        ["registration-deleted"] = [],
        ["runner-not-back-after-power-cut"] = [],
        ["self-update-with-job"] = ["failed/job", "success"],
        ["session-conflict"] = [],
        ["session-refused-10-minutes"] = [],
        ["token-revoked"] = [],
        ["version-asked-while-listening"] = ["success", "failed/job"],
        ["with-issues-and-skipped"] = ["success", "cancelled"],
        ["worker-log-disk-full"] = ["failed/runner"],
        ["worker-wedged-after-complete"] = ["failed/runner"],
    };

    public static TheoryData<string> Cases => [.. FieldReplay.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ReadOnce_FieldCase_ConcludesAsGitHubWasTold(string name) => Assert.Equal(Expected[name], FieldReplay.ReadOnce(name).Verdicts());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Follow_FieldCase_TellsOfTheSameJobsAsReadingOnce(string name)
    {
        foreach (var showsLocks in new[] { true, false })
        {
            using var replay = new FieldReplay(name, showsLocks);
            replay.Write().Pass(seconds: 60);
            Assert.Equal(Jobs(FieldReplay.ReadOnce(name)), Jobs(replay.Events));
        }
    }

    [Fact]
    public void ReadOnce_ClockSetBackBetweenJobs_JoinsEachWorkerToItsJob() =>
        Assert.Equal(["W1", "W2", "W3"], FieldReplay.ReadOnce("clock-set-back-between-jobs").OfType<JobEnded>().Select(ended => ended.Job.Workflow));

    [Theory]
    [InlineData("version-asked-while-listening")]
    [InlineData("config-asked-while-idle")]
    public void Follow_AnotherProcessInTheFolder_LeavesTheRunnerOnline(string name)
    {
        using var replay = new FieldReplay(name);
        replay.Write().Pass(seconds: 60);
        Assert.Equal("idle", replay.State);
        Assert.DoesNotContain("offline", replay.States.SkipWhile(state => state == "offline"));
        Assert.DoesNotContain(replay.Events, told => told is ListenerEnded);
    }

    [Fact]
    public void Follow_ClockBehindAfterReboot_SeesTheNewListener()
    {
        using var replay = new FieldReplay("clock-behind-after-reboot");
        replay.Write("173854", "174854");
        Assert.Equal(["offline", "idle", "busy", "idle"], replay.States);
        replay.Kill().Pass(seconds: 20);
        Assert.Equal("offline", replay.State);
        replay.Restart(reboots: true);
        replay.Write("171534", "183920");
        Assert.Equal(["offline", "idle", "busy", "idle"], replay.States);
        Assert.Equal(["success", "failed/job"], replay.Events.Verdicts());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Restart_RunnerNotBackAfterPowerCut_IsOfflineAtOnce(bool showsLocks, bool reboots)
    {
        using var replay = new FieldReplay("runner-not-back-after-power-cut", showsLocks);
        replay.Write();
        Assert.Equal("idle", replay.State);
        replay.Kill().Restart(reboots).Pass(seconds: 30);
        Assert.Equal(["offline"], replay.States);
        Assert.IsType<ListenerEnded>(Assert.Single(replay.Events));
    }

    // In another container, or the agent's alone was restarted: the lock shows it.
    [Fact]
    public void Restart_MachineIsAnotherButTheLockIsSeen_IsOnline()
    {
        using var replay = new FieldReplay("runner-not-back-after-power-cut");
        replay.Write().Restart(reboots: true).Pass(seconds: 30);
        Assert.Equal(["idle"], replay.States);
        Assert.Empty(replay.Events);
    }

    [Theory]
    [InlineData("broker-blackhole-first-poll")]
    [InlineData("broker-migration-badrequest")]
    [InlineData("session-conflict")]
    [InlineData("session-refused-10-minutes")]
    public void Follow_GitHubOutOfReach_IsDisconnected(string name)
    {
        using var replay = new FieldReplay(name);
        replay.Write();
        Assert.Equal("disconnected", replay.State);
        replay.Pass(seconds: 60);
        Assert.Equal("disconnected", replay.State);
    }

    [Theory]
    [InlineData("deprecated-exit", true)]
    [InlineData("deprecated-exit-no-lock", false)]
    [InlineData("token-revoked", true)]
    public void Follow_ListenerLeaves_IsOfflineAtOnce(string name, bool showsLocks)
    {
        using var replay = new FieldReplay(name, showsLocks);
        replay.Write();
        Assert.Equal("offline", replay.State);
        Assert.IsType<ListenerEnded>(Assert.Single(replay.Events));
    }

    [Fact]
    public void Follow_RegistrationDeleted_NeverSpeaksOfARunner()
    {
        using var replay = new FieldReplay("registration-deleted");
        replay.Write();
        Assert.Equal(["offline"], replay.States);
        Assert.Empty(replay.Events);
    }

    [Fact]
    public void Follow_SelfUpdate_HasTheNewVersion()
    {
        using var replay = new FieldReplay("self-update-with-job");
        Assert.Equal("2.328.0", replay.Write().Version ?? FieldReplay.ReadOnce("self-update-with-job")[^1].Life?.Version);
    }

    [Fact]
    public void Wipe_RunnerAlive_GoesOnUntilTheAgentIsRestarted()
    {
        using var replay = new FieldReplay("version-asked-while-listening");
        replay.Write("183249", "183403", "183445").Wipe().Pass(seconds: 60);
        Assert.Equal("idle", replay.State);
        Assert.Contains(replay.Log.Lines, line => line.Contains("was removed while the runner writes there", StringComparison.Ordinal));
        replay.Restart().Pass(seconds: 60);
        Assert.Equal(["offline"], replay.States);
        Assert.Contains(replay.Log.Lines, line => line.Contains("cannot be seen until it writes another one", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Jobs(IEnumerable<DiagEvent> events) => events.OfType<JobEnded>()
        .Select(ended => $"{ended.Job.JobKey} {ended.Job.Name} {ended.Job.Workflow} {ended.Verdict} {ended.At:O}").Order(StringComparer.Ordinal);
}
