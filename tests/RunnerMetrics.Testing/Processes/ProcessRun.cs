using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>A program that was run to its end: what it ended with, and what it wrote.</summary>
public sealed record ProcessRun(int ExitCode, string Output, string Errors)
{
    public string Said => Output + Errors;

    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc cref="RunAsync(ProcessStartInfo, CancellationToken, string)"/>
    public static Task<ProcessRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancelled, string input = "") =>
        RunAsync(new ProcessStartInfo(program, arguments), cancelled, input);

    /// <summary>Runs a program, with all that it starts. It is killed where patience runs out, or the test is cancelled.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static async Task<ProcessRun> RunAsync(ProcessStartInfo start, CancellationToken cancelled, string input = "")
    {
        await using var program = RunningProgram.Start(start);
        return await program.EndAsync(input, cancelled);
    }
}
