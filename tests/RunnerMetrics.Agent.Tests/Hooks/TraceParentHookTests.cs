using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>The TRACEPARENT that the started hook gives a job's steps, through the file that the runner reads after its hooks.</summary>
public sealed class TraceParentHookTests : IDisposable
{
    private const string Trace = "0bd0afbe17036e89e4a05c993dace1da", RunSpan = "1497fe109b00d3c0", JobSpan = "55b9b8b34bb88fcf";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shells => HookRun.Shells;

    private string Variables => _folder.File("env");

    private string Left => _folder.File("9753949763-1.span");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Started_NothingLeftByTheAgent_IsTheRuns(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        await RunAsync(shell, Given());

        Assert.Equal($"TRACEPARENT=00-{Trace}-{RunSpan}-01\n", Text());
        Assert.Equal(Trace, TraceIds.TraceOf(9753949763, 1));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Started_AgentLeftTheJobsSpan_IsTheJobs(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        File.WriteAllText(Left, JobSpan + "\n");
        await RunAsync(shell, Given());

        Assert.Equal($"TRACEPARENT=00-{Trace}-{JobSpan}-01\n", Text());
        Assert.False(File.Exists(Left), "The next job of the run would find it.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000\n")]
    [InlineData("55b9b8b34bb88fc\n")]
    [InlineData("$(touch never)55\n")]
    [InlineData("55B9B8B34BB88FCF\n")]
    public async Task Started_LeftIsNoSpan_IsTheRuns(string left)
    {
        File.WriteAllText(Left, left);
        await RunAsync("/bin/bash -e", Given());
        Assert.Equal($"TRACEPARENT=00-{Trace}-{RunSpan}-01\n", Text());
    }

    [Theory]
    [InlineData("NODE_OPTIONS=x\n", "NODE_OPTIONS=x\n\n")]
    [InlineData("NODE_OPTIONS=x", "NODE_OPTIONS=x\n")]
    public async Task Started_VariablesAreThere_AreKept(string before, string kept)
    {
        File.WriteAllText(Variables, before);
        await RunAsync("/bin/bash -e", Given());
        Assert.Equal($"{kept}TRACEPARENT=00-{Trace}-{RunSpan}-01\n", Text());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Started_TraceParentIsThere_IsKept(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        await RunAsync(shell, Given(("TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")));
        Assert.Equal("", Text());

        const string Own = "TRACEPARENT=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n";
        File.WriteAllText(Variables, Own);
        await RunAsync(shell, Given());
        Assert.Equal(Own, Text());
    }

    [Theory]
    [InlineData("RUNNER_METRICS_HOOK_TRACEPARENT", "")]
    [InlineData("RUNNER_METRICS_HOOK_TRACEPARENT", "false")]
    [InlineData("GITHUB_RUN_ID", "")]
    [InlineData("GITHUB_RUN_ID", "7; touch never")]
    [InlineData("GITHUB_RUN_ATTEMPT", "../x")]
    [InlineData("GITHUB_ENV", "/nowhere/env")]
    public async Task Started_NotAskedForOrNotKnown_WritesNothing(string variable, string value)
    {
        await RunAsync("/bin/bash -e", Given((variable, value)));
        Assert.Equal("", Text());
        Assert.Single(Directory.GetFiles(_folder.Path, "*.hook"));
    }

    // A line without '=' fails a job. So that a part of the line fits, the file ends within a page of the disk's.
    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Started_DiskFull_LeavesTheFileAsItWas(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        await using var disk = await SmallDisk.MountAsync("size=64k");
        var variables = Path.Combine(disk.Path, "env");
        var before = "A=" + new string('x', 4096 - 2 - 1 - 30) + "\n";
        File.WriteAllText(variables, before);
        disk.Fill();
        await RunAsync(shell, Given(("GITHUB_ENV", variables)));

        Assert.Equal(before, File.ReadAllText(variables));
        Assert.Single(Directory.GetFiles(_folder.Path, "*.hook"));
    }

    [Fact]
    public async Task Completed_TakesAwayWhatCameTooLate()
    {
        File.WriteAllText(Left, JobSpan + "\n");
        await RunAsync("/bin/bash -e", Given(), HookRun.Completed);

        Assert.False(File.Exists(Left));
        Assert.Equal("", Text());
    }

    private static async Task RunAsync(string shell, Dictionary<string, string> environment, string? script = null) =>
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync(shell, environment, script ?? HookRun.Started));

    private Dictionary<string, string> Given(params (string Name, string Value)[] others)
    {
        if (!File.Exists(Variables))
        {
            File.WriteAllText(Variables, "");
        }

        var given = new Dictionary<string, string>(HookRun.EnvironmentOf("ok"))
        {
            ["RUNNER_METRICS_HOOKS"] = _folder.Path,
            ["RUNNER_METRICS_HOOK_TRACEPARENT"] = "true",
            ["GITHUB_ENV"] = Variables,
            ["GITHUB_RUN_ID"] = "9753949763",
            ["GITHUB_RUN_ATTEMPT"] = "1",
        };
        foreach (var (name, value) in others)
        {
            given[name] = value;
        }

        return given;
    }

    private string Text() => File.ReadAllText(Variables);
}
