using System.Diagnostics;
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

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(Program, arguments, Cancelled);

    [Fact]
    public async Task Program_AuditOnce_SaysWhatItFoundAndEnds()
    {
        using var repository = new GitRepository();
        repository.Write("plan.md", "- [x] one\n");
        var (code, output, _) = await RunAsync("audit", "--once", "--repository", repository.Path);

        Assert.Equal((0, "new commits: 0\nnew completion markers: 1\ncoverage: not measured\n"), (code, output));
        Assert.Equal(1, (await RunAsync("audit", "--once", "--repository", _folder.Path)).ExitCode);
    }

    [Fact]
    public async Task Program_WrongUsage_SaysEveryProblemAndEndsWithTwo()
    {
        var (code, output, errors) = await RunAsync("watch", "--folder", "/nowhere", "--debounce", "5");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal(4, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Program_ToldToEnd_EndsWithZeroAndWithItsTestRun()
    {
        _folder.Write("run.sh", "echo $$ > running; exec sleep 600\n");
        using var process = Start("watch", "--folder", _folder.Path, "--test-command", "/bin/sh run.sh", "--ignore", "running", "--http-port", "0", "--debounce", "0.1s");
        try
        {
            while (await process.StandardError.ReadLineAsync(Cancelled) is { } line && !line.Contains("Ready", StringComparison.Ordinal))
            {
            }

            _folder.Write("a.cs", "1");
            var running = Path.Combine(_folder.Path, "running");
            await Wait.UntilAsync(() => File.Exists(running) && new FileInfo(running).Length > 0, "the tests run");
            var tests = (await File.ReadAllTextAsync(running, Cancelled)).Trim();
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Cancelled);

            Assert.Equal(0, process.ExitCode);
            await Wait.UntilAsync(() => !Directory.Exists($"/proc/{tests}"), "the test run has ended");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
