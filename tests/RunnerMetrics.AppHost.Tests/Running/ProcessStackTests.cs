using System.Diagnostics;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The stack as processes: what a job, a kill and a command on the dashboard do to it.</summary>
public class ProcessStackTests(RunningProcesses stack)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailingJob_SentToARunner_IsCountedByPrometheus()
    {
        Assert.SkipUnless(RunningProcesses.HasPrometheus, "prometheus is not on this machine: run ./test.sh, or apt-get install prometheus");
        await stack.ReadyAsync();
        var before = await FailedAsync("standard-1");

        var said = await stack.RunCommandAsync("standard-1", "send-failing-job");

        Assert.StartsWith("standard-1", said, StringComparison.Ordinal);
        await Until.TrueAsync(async () => await FailedAsync("standard-1") > before, () => "the exporter counts no failed job of standard-1");
        await Until.TrueAsync(
            async () => (await stack.AskPrometheusAsync($$"""github_runner_jobs_total{runner_name="standard-1",status="failed"} > {{before}}""")).Count > 0,
            () => "Prometheus has no failed job of standard-1");
    }

    [Fact]
    public async Task Job_OfARunner_IsATraceWithItsWaitItsSetUpAndItsRun()
    {
        await stack.ReadyAsync();
        await stack.RunCommandAsync("standard-1", "send-failing-job");
        IReadOnlyList<ReceivedSpan> spans = [];
        await Until.TrueAsync(
            () =>
            {
                spans = stack.Traces.TracesOf(span => span.Parent.Length == 0 && span.Name.StartsWith("job ", StringComparison.Ordinal));
                return Task.FromResult(spans.GroupBy(span => span.Trace).Any(trace => trace.Select(span => span.Name).ToHashSet().IsSupersetOf(["wait", "set up", "run"])));
            },
            () => $"no trace of a job has its wait, set up and run; there are {string.Join(", ", spans.Select(span => span.Name).Distinct())}");
    }

    [Fact]
    public async Task Exporter_Killed_ComesBackWithWhatItHadCounted()
    {
        await stack.ReadyAsync();
        await Until.TrueAsync(async () => await stack.CountAsync("github_runner_jobs_total") > 0, () => "no job was counted");
        var program = Assert.Single(ProgramsUnder(stack.ProcessOf("exporter")), process => process.ProcessName.StartsWith("runner-metrics", StringComparison.Ordinal));
        var before = await stack.CountAsync("github_runner_jobs_total");

        var said = await stack.RunCommandAsync("exporter", "kill");

        Assert.StartsWith("Killed exporter (process ", said, StringComparison.Ordinal);
        await program.WaitForExitAsync(Cancelled);
        await Until.TrueAsync(() => Task.FromResult(stack.StateOf("exporter") is { } state && KnownResourceStates.TerminalStates.Contains(state)), () => $"the exporter is {stack.StateOf("exporter")}");
        await stack.ReadyAsync();
        Assert.InRange((await stack.CountAsync("github_runner_jobs_total"))!.Value, before!.Value, double.MaxValue);
    }

    [Fact]
    public async Task Runner_Drained_EndsAndCanBeStartedAgain()
    {
        await stack.ReadyAsync();

        var said = await stack.RunCommandAsync("chrome-1", "drain");

        Assert.Matches(@"\Achrome-1 (takes no other job, and ends|has a job; it ends behind it, and takes no other)\.\z", said);
        await Until.TrueAsync(() => Task.FromResult(stack.StateOf("chrome-1") is { } state && KnownResourceStates.TerminalStates.Contains(state)), () => $"chrome-1 is {stack.StateOf("chrome-1")}");
        await Until.TrueAsync(async () => await stack.CountAsync("github_runner_status", "runner_name=\"chrome-1\"") == 0, () => "the exporter takes chrome-1 for online");
        await stack.ReadyAsync();
        Assert.Equal(1, await stack.CountAsync("github_runner_status", "runner_name=\"chrome-1\""));
    }

    [Fact]
    public async Task Runner_Killed_DiesWithItsAgentAndComesBack()
    {
        await stack.ReadyAsync();
        var programs = ProgramsUnder(stack.ProcessOf("chrome-go-1")).Concat(ProgramsUnder(stack.ProcessOf("chrome-go-1-agent"))).ToList();
        Assert.True(programs.Count >= 2, "A runner is two programs at least.");

        var said = await stack.RunCommandAsync("chrome-go-1", "kill");

        Assert.Matches(@"\AKilled chrome-go-1 \(process \d+\) and chrome-go-1-agent \(process \d+\)\. ", said);
        foreach (var program in programs)
        {
            await program.WaitForExitAsync(Cancelled);
        }

        await Until.TrueAsync(() => Task.FromResult(Ended("chrome-go-1") && Ended("chrome-go-1-agent")), () => "the runner or its agent is not known to have ended");
        await stack.RunCommandAsync("chrome-go-1-agent", KnownResourceCommands.StartCommand);
        await stack.ReadyAsync();

        bool Ended(string name) => stack.StateOf(name) is { } state && KnownResourceStates.TerminalStates.Contains(state);
    }

    private async Task<double> FailedAsync(string runner) => await stack.CountAsync("github_runner_jobs_total", $"runner_name=\"{runner}\"", "status=\"failed\"") ?? 0;

    private static IEnumerable<Process> ProgramsUnder(int root)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has started is read from /proc, which only Linux has.");
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => (Id: int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture), Parent: ParentOf(name!))).ToList();
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents.Where(process => process.Parent == tree[i]).Select(process => process.Id));
        }

        return [.. tree.Select(Process.GetProcessById)];
    }

    // "4711 (runner-metrics-e) S 4700 …": the second field can hold anything.
    private static int ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended.
            return 0;
        }
    }
}
