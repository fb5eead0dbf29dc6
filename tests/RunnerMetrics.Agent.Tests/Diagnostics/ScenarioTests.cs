using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class ScenarioTests
{
    public static TheoryData<string> Scenarios => Scenario.All;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_RealLogs_ConcludesAsExpected(string name)
    {
        var scenario = Scenario.Load(name);
        scenario.AssertAsExpected(scenario.Read());
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_RealLogs_KnowsRunAndRunner(string name)
    {
        var ended = Scenario.Load(name).Read().OfType<JobEnded>().Single();
        Assert.Equal("acme/shop", ended.Job.Repository);
        Assert.Equal("CI", ended.Job.Workflow);
        Assert.Equal("https://github.com", ended.Job.ServerUrl);
        Assert.Equal(4242, ended.Job.CheckRunId);
        Assert.True(ended.Job.RunId > 0);
        Assert.Equal(1, ended.Job.RunAttempt);
        Assert.Equal("2.336.0", ended.Life?.Version);
        Assert.Equal("github.com/acme/shop", ended.Life?.Scope);
        Assert.Equal(name == "ephemeral", ended.Life?.Ephemeral);
    }

    // The runner's own "Set up runner" comes before; a job that fails in it has no step of its own.
    [Theory]
    [InlineData("ok", "2026-11-21T00:22:44Z")]
    [InlineData("fail", "2026-11-21T00:22:54Z")]
    [InlineData("cancel", "2026-11-21T00:26:57Z")]
    [InlineData("hook-noext", null)]
    public void Read_RealLogs_KnowsWhenTheStepsBegan(string name, string? began)
    {
        var ended = Scenario.Load(name).Read().OfType<JobEnded>().Single();

        Assert.Equal(began is null ? null : DateTimeOffset.Parse(began, System.Globalization.CultureInfo.InvariantCulture), ended.StepsStartedAt);
    }

    [Fact]
    public void Read_EphemeralRunner_EndsItsListener()
    {
        var stopped = Assert.IsType<ListenerEnded>(Scenario.Load("ephemeral").Read()[^1]);
        Assert.True(stopped.Of.Stopped);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_WorkerLogGone_BelievesTheListenerAndInventsNoReason(string name)
    {
        var scenario = Scenario.Load(name);
        var ended = Scenario.Read(new MemoryLog((scenario.ListenerPage, scenario.Listener)), new MemoryLog()).OfType<JobEnded>().Single();
        Assert.Equal(scenario.Expected.GetProperty("conclusion").GetString(), ended.Verdict.Conclusion.ToString().ToLowerInvariant());
        Assert.Equal("", ended.Job.Repository);
        Assert.Equal(scenario.JobName, ended.Job.Name);
    }
}
