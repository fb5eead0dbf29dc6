using System.ComponentModel;
using System.Diagnostics;

namespace RunnerMetrics.AutomationWorker.Programs;

/// <summary>One run of another program, to its end.</summary>
/// <param name="ExitCode">How it ended, or null if it could not be started or ran out of time.</param>
/// <param name="Output">What it wrote, to standard output and error as it came; of much, the end.</param>
/// <param name="Problem">Why there is no exit code, or null.</param>
internal sealed record ProgramRun(int? ExitCode, string Output, string? Problem)
{
    /// <summary>Runs a program, and ends it, with all that it started, when its time is over.</summary>
    /// <param name="command">The program and its arguments; no shell is involved.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="cancelled">Ends it earlier.</param>
    /// <exception cref="OperationCanceledException">It was ended earlier.</exception>
    public static async Task<ProgramRun> RunAsync(
        IReadOnlyList<string> command, string folder, TimeSpan timeout, TimeProvider time, CancellationToken cancelled)
    {
        cancelled.ThrowIfCancellationRequested();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var output = new OutputTail();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ProgramRun(null, "", $"'{command[0]}' cannot be started in {folder}: {e.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled);
        try
        {
            await process.WaitForExitAsync(both.Token);
            return new ProgramRun(process.ExitCode, output.ToString(), null);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancelled.ThrowIfCancellationRequested();
            return new ProgramRun(null, output.ToString(), $"'{command[0]}' did not end within {timeout.TotalSeconds:0.#} s, and was killed");
        }
    }
}
