using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>A hook of the user's own, which runs after ours in its place.</summary>
public sealed class NextHookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RUNNER_METRICS_NEXT_STARTED_HOOK", "job-started.sh")]
    [InlineData("RUNNER_METRICS_NEXT_COMPLETED_HOOK", "job-completed.sh")]
    public async Task Run_NextHook_RunsWithItsOwnOutputAndEnd(string variable, string script)
    {
        var next = Write("mine.sh", "echo \"said of $GITHUB_REPOSITORY\"; echo complained >&2; exit 3");
        var run = await RunAsync(script, new() { [variable] = next });
        Assert.Equal(new ProcessRun(3, "said of acme/shop\n", "complained\n"), run);
        Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.hook"));
    }

    [Fact]
    public async Task Run_NextHookOfTheOtherEvent_DoesNotRun()
    {
        var next = Write("mine.sh", "exit 3");
        Assert.Equal(new ProcessRun(0, "", ""), await RunAsync("job-started.sh", new() { ["RUNNER_METRICS_NEXT_COMPLETED_HOOK"] = next }));
    }

    // As by the runner itself: a line of a hook that fails, fails the hook.
    [Fact]
    public async Task Run_NextHookFailsInTheMiddle_Fails()
    {
        var next = Write("mine.sh", "false\necho never");
        Assert.Equal(new ProcessRun(1, "", ""), await RunAsync("job-started.sh", new() { ["RUNNER_METRICS_NEXT_STARTED_HOOK"] = next }));
    }

    // A hook that was to check something and is gone must not pass for one that found nothing: the runner fails the job, too.
    [Fact]
    public async Task Run_NextHookMissing_FailsAndSaysWhich()
    {
        var run = await RunAsync("job-started.sh", new() { ["RUNNER_METRICS_NEXT_STARTED_HOOK"] = _folder.File("absent.sh") });
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("absent.sh", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NextHookIsAProgram_RunsIt()
    {
        var run = await RunAsync("job-started.sh", new() { ["RUNNER_METRICS_NEXT_STARTED_HOOK"] = "/bin/pwd" });
        Assert.Equal((0, Environment.CurrentDirectory + "\n"), (run.ExitCode, run.Output));
    }

    private Task<ProcessRun> RunAsync(string script, Dictionary<string, string> more)
    {
        var given = HookRun.EnvironmentOf("ok");
        given["RUNNER_METRICS_HOOKS"] = _folder.Path;
        foreach (var (name, value) in more)
        {
            given[name] = value;
        }

        return HookRun.RunAsync("/bin/bash -e", given, script == "job-started.sh" ? HookRun.Started : HookRun.Completed);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
