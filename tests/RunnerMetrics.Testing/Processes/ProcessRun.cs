using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>A program that was run to its end: what it ended with, and what it wrote.</summary>
public sealed record ProcessRun(int ExitCode, string Output, string Errors)
{
    public string Said => Output + Errors;

    public static Task<ProcessRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancelled, string input = "") =>
        RunAsync(new ProcessStartInfo(program, arguments), cancelled, input);

    /// <summary>Runs a program, with all that it starts. It is killed where patience runs out, or the test is cancelled.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static async Task<ProcessRun> RunAsync(ProcessStartInfo start, CancellationToken cancelled, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        using var limit = Patience.LimitedBy(cancelled);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process.StandardInput, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ProcessRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {Patience.Limit.TotalSeconds:F0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(StreamWriter writer, string input, CancellationToken cancelled)
    {
        await using (writer)
        {
            await writer.WriteAsync(input.AsMemory(), cancelled);
        }
    }
}
