using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Hosting.Tests.Hanging;

/// <summary>What holds every test module to an end.</summary>
public class HangWatchTests
{
    private const string Hangs = "RUNNER_METRICS_TEST_HANGS";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Module_TestThatNeverEnds_IsEndedAndSaysWhereItStood()
    {
        await HangInChildAsync();
        var run = await ProcessRun.RunAsync(Module(nameof(Module_TestThatNeverEnds_IsEndedAndSaysWhereItStood), hangAfter: "1"), Cancelled);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("RunnerMetrics.Hosting.Tests stands still: no test has started or ended for ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"  {typeof(HangWatchTests)}.{nameof(Module_TestThatNeverEnds_IsEndedAndSaysWhereItStood)}, for ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_Terminated_EndsAndSaysWhereItStood()
    {
        await HangInChildAsync();
        await using var module = RunningProgram.Start(Module(nameof(Module_Terminated_EndsAndSaysWhereItStood), hangAfter: "3600"));
        await Wait.UntilAsync(() => ChildProcesses.Find(module.Id).Any(child => child.CommandLine == "sleep 4711"), "the test has started");
        await module.SignalAsync("TERM");
        var (exitCode, _, errors) = await module.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("RunnerMetrics.Hosting.Tests was told to end.", errors, StringComparison.Ordinal);
        Assert.Contains("  sleep 4711", errors, StringComparison.Ordinal);
        Assert.Contains($"  {typeof(HangWatchTests)}.{nameof(Module_Terminated_EndsAndSaysWhereItStood)}, for ", errors, StringComparison.Ordinal);
    }

    // Each test runs this module once more, with nothing but itself in it; there it never ends.
    private static async Task HangInChildAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals and /proc are Linux's.");
        if (Environment.GetEnvironmentVariable(Hangs) == "1")
        {
            await using var child = RunningProgram.Start("sleep", "4711");
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    private static ProcessStartInfo Module(string method, string hangAfter) => new(
        "dotnet", [typeof(HangWatchTests).Assembly.Location, "--filter-method", $"{typeof(HangWatchTests)}.{method}", "--no-progress"])
    {
        Environment = { [HangWatch.Variable] = hangAfter, [Hangs] = "1" },
    };
}
