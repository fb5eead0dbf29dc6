using RunnerMetrics.AutomationWorker.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Configuration;

/// <summary>The program itself.</summary>
public sealed class ExecutableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "runner-metrics-automation");

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(Program, arguments, Cancelled);

    [Fact]
    public async Task Program_AuditOnce_SaysWhatItFoundAndEnds()
    {
        using var repository = await GitRepository.CreateAsync();
        repository.Write("plan.md", "- [x] one\n");
        var (code, output, _) = await RunAsync("audit", "--once", "--repository", repository.Path);

        Assert.Equal((0, "new commits: 0\nnew completion markers: 1\ncoverage: not measured\n"), (code, output));
        Assert.Equal(1, (await RunAsync("audit", "--once", "--repository", _folder.Path)).ExitCode);
    }

    [Fact]
    public async Task Program_WrongUsage_SaysEveryProblemAndEndsWithTwo()
    {
        var run = await RunAsync("watch", "--folder", "/nowhere", "--debounce", "5");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(4, run.ErrorLines.Length);
    }

    [Fact]
    public async Task Program_ToldToEnd_EndsWithZeroAndWithItsTestRun()
    {
        _folder.Write("run.sh", "echo $$ > running; exec sleep 600\n");
        await using var worker = RunningProgram.Start(
            Program, "watch", "--folder", _folder.Path, "--test-command", "/bin/sh run.sh", "--ignore", "running", "--http-port", "0", "--debounce", "0.1s");
        await worker.WaitForLineAsync("Ready");
        _folder.Write("a.cs", "1");
        var running = Path.Combine(_folder.Path, "running");
        await Wait.UntilAsync(() => File.Exists(running) && new FileInfo(running).Length > 0, "the tests run");
        var tests = (await File.ReadAllTextAsync(running, Cancelled)).Trim();
        await worker.SignalAsync("TERM");

        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        await Wait.UntilAsync(() => !Directory.Exists($"/proc/{tests}"), "the test run has ended");
    }
}
