using System.ComponentModel;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Hosting.Tests.Processes;

/// <summary>What every test of a program rests on.</summary>
public class RunningProgramTests
{
    [Fact]
    public async Task WaitForLine_WrittenInTwoParts_HasItWhole()
    {
        await using var program = Shell("printf 'port 12'; read more; printf '%s\\n' \"$more\"");
        await Wait.UntilAsync(() => program.Output == "port 12", "the first part is there");
        var line = program.WaitForLineAsync("port (\\d+)");
        Assert.False(line.IsCompleted, "A part of a line was taken for a line.");
        await program.EndAsync();
        Assert.Equal("12", (await line).Groups[1].Value);
    }

    [Fact]
    public async Task WaitForLine_ProgramEndsWithoutIt_SaysWhatItWrote()
    {
        await using var program = Shell("echo out; echo problem >&2; exit 3");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => program.WaitForLineAsync("ready"));
        Assert.EndsWith("ended before it wrote a line that matches 'ready': out\nproblem\n", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(new ProcessRun(3, "out\n", "problem\n"), await program.EndAsync());
    }

    [Fact]
    public async Task Signal_Term_ReachesIt()
    {
        await using var program = Shell("trap 'echo terminated; exit 4' TERM; echo ready; while :; do sleep 0.1; done");
        await program.WaitForLineAsync("ready");
        await program.SignalAsync("TERM");
        Assert.Equal(new ProcessRun(4, "ready\nterminated\n", ""), await program.EndAsync());
    }

    [Fact]
    public async Task Dispose_WithChildren_KillsThemToo()
    {
        var program = Shell("sleep 4712 & echo $!; wait");
        await using (program)
        {
            await program.WaitForLineAsync("[0-9]+");
        }

        var child = $"/proc/{program.Output.Trim()}/cmdline";
        await Wait.UntilAsync(() => !File.Exists(child) || File.ReadAllText(child).Length == 0, "the child has ended");
    }

    // A child that the shell disowned holds the other ends of the pipes, and nobody finds it under a program that has ended.
    [Fact]
    public async Task Dispose_PipesHeldBySomebodyElse_DoesNotWaitForThem()
    {
        using var folder = new TemporaryFolder();
        await using (var program = Shell($"(while [ ! -f '{folder.File("end")}' ]; do sleep 0.1; done; touch '{folder.File("ended")}') & echo started"))
        {
            await program.WaitForLineAsync("started");
            await Wait.UntilAsync(() => program.HasExited, "the shell has ended");
        }

        folder.Write("end", "");
        await Wait.UntilAsync(() => File.Exists(folder.File("ended")), "the child has ended");
    }

    [Fact]
    public void Start_NoSuchProgram_NamesIt() =>
        Assert.Contains("/nowhere/program", Assert.Throws<Win32Exception>(() => RunningProgram.Start("/nowhere/program")).Message, StringComparison.Ordinal);

    private static RunningProgram Shell(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals and /proc are Linux's.");
        return RunningProgram.Start("/bin/sh", "-c", script);
    }
}
