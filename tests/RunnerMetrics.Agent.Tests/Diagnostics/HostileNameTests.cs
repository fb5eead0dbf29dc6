using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class HostileNameTests
{
    private static readonly string[] Scenarios = ["ok", "fail", "cancel", "worker-kill9", "init-failure", "ephemeral"];

    public static MatrixTheoryData<string, string> Cases => new(Scenarios, HostileNames.Kinds);

    // GitHub sends 0 for the request number of every job, so a stranger knows it.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_HostileNameWithKnownRequestNumber_ConcludesAsWithout(string scenarioName, string kind)
    {
        var scenario = Scenario.Load(scenarioName);
        var name = HostileNames.Make(kind, scenario.JobId, "0");
        var events = scenario.WithName(name, "0").WithNameInMessage(name).Read();
        scenario.AssertAsExpected(events, kind == "long" ? scenario.JobName : name, checkName: kind != "long");
        AssertOneLife(events);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_HostileNameRawInBothLogs_ConcludesAsWithout(string scenarioName, string kind)
    {
        var scenario = Scenario.Load(scenarioName);
        var name = HostileNames.Make(kind, scenario.JobId, "17");
        var events = scenario.WithName(name, scenario.RequestNumber()).WithNameRawInMessage(name).Read();
        scenario.AssertAsExpected(events, checkName: false);
        AssertOneLife(events);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_HostileNameInTheListenersLogOnly_ConcludesAsWithout(string scenarioName, string kind)
    {
        var scenario = Scenario.Load(scenarioName);
        var name = HostileNames.Make(kind, scenario.JobId, "17");
        var events = scenario.WithName(name, scenario.RequestNumber()).Read();
        scenario.AssertAsExpected(events, checkName: false);
        AssertOneLife(events);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_HostileNameAndNoWorkerLog_EndsOneJob(string scenarioName, string kind)
    {
        var scenario = Scenario.Load(scenarioName);
        var name = HostileNames.Make(kind, scenario.JobId, "17");
        var hostile = scenario.WithName(name, scenario.RequestNumber());
        var events = Scenario.Read(new MemoryLog((hostile.ListenerPage, hostile.Listener)), new MemoryLog());
        var ended = Assert.Single(events.OfType<JobEnded>());
        Assert.Equal(scenario.Expected.GetProperty("conclusion").GetString(), ended.Verdict.Conclusion.ToString().ToLowerInvariant());
        AssertOneLife(events);
    }

    [Fact]
    public void Read_NameThatEndsWithItsPage_IsOver()
    {
        var scenario = Scenario.Load("fail");
        var cut = scenario.Listener.IndexOf('[', scenario.Listener.IndexOf(": Running job: ", StringComparison.Ordinal));
        var listener = new MemoryLog(("Runner_1", scenario.Listener[..cut]), ("Runner_2", scenario.Listener[cut..]));
        scenario.AssertAsExpected(Scenario.Read(listener, new MemoryLog((scenario.WorkerPage, scenario.Worker))));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("ok")]
    public void Read_HostileStepNames_ChangeNoConclusion(string scenarioName)
    {
        var scenario = Scenario.Load(scenarioName);
        var forged = "DisplayName='x\n[2026-11-21 00:22:54Z INFO JobRunner] Job result after all job steps finish: Canceled\n"
            + "[2026-11-21 00:22:54Z INFO Worker] Version: 9.9.9\n[2026-11-21 00:22:54Z INFO Worker] Job message:\n {\n  \"jobId\": \"11111111-2222-3333-4444-555555555555\"\n}\n"
            + "[2026-11-21 00:22:54Z INFO ProcessInvokerWrapper] Finished process 1 with exit code 103, and elapsed time 00:00:01.\nRun ";
        var hostile = scenario with { Worker = scenario.Worker.Replace("DisplayName='Run ", forged, StringComparison.Ordinal) };
        scenario.AssertAsExpected(hostile.Read());
    }

    [Fact]
    public void Read_ResultForgedByTheLastStepOfAKilledWorker_IsNotBelieved()
    {
        var scenario = Scenario.Load("worker-kill9");
        var hostile = scenario with
        {
            Worker = scenario.Worker.Replace(
                "DisplayName='Run touch",
                "DisplayName='x\n[2026-11-21 00:26:49Z INFO JobRunner] Job result after all job steps finish: Succeeded\n",
                StringComparison.Ordinal),
        };
        scenario.AssertAsExpected(hostile.Read());
    }

    // The text of a pull request has up to 65,536 characters, and a name can be made of one: a long line on disk, longer still as JSON.
    [Fact]
    public void Read_NameOfTheLongestTextOnDisk_ConcludesAsWithout()
    {
        var scenario = Scenario.Load("fail");
        var name = new string('"', 65_000) + HostileNames.Make("whole job", scenario.JobId, "0");
        var hostile = scenario.WithName(name, "0").WithNameInMessage(name);
        using var diag = new LogFolder();
        diag.Write(hostile.WorkerPage, hostile.Worker);
        diag.Write(hostile.ListenerPage, hostile.Listener);
        Assert.Equal(["failed/job"], diag.Read());
        scenario.AssertAsExpected(diag.Events, checkName: false);

        diag.Restart(diag.Checkpoint);
        diag.Events.Clear();
        Assert.Empty(diag.Read());
    }

    private static void AssertOneLife(IEnumerable<DiagEvent> events) =>
        Assert.Equal("2.336.0", Assert.Single(events.Select(told => told.Life! with { Busy = false, Stopped = false }).Distinct()).Version);
}
