using System.Diagnostics;

namespace RunnerMetrics.EndToEnd.Tests;

/// <summary>Prometheus's own tool.</summary>
internal static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(File.Exists(Program), "promtool is not on this machine: run ./test.sh, or apt-get install prometheus");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <summary>Runs it; it is ended where it takes too long.</summary>
    /// <returns>What it ended with, and what it said on standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RunAsync(IEnumerable<string> arguments, CancellationToken cancelled, string input = "")
    {
        using var promtool = Process.Start(new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Limit);
        try
        {
            var errors = promtool.StandardError.ReadToEndAsync(limit.Token);
            var output = promtool.StandardOutput.ReadToEndAsync(limit.Token);
            await promtool.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            promtool.StandardInput.Close();
            await promtool.WaitForExitAsync(limit.Token);
            await output;
            return (promtool.ExitCode, await errors);
        }
        finally
        {
            if (!promtool.HasExited)
            {
                promtool.Kill();
            }
        }
    }
}
