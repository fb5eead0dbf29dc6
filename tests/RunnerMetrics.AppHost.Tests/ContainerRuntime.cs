using System.ComponentModel;
using System.Diagnostics;

namespace RunnerMetrics.AppHost.Tests;

/// <summary>The engine that Aspire would start containers with.</summary>
internal static class ContainerRuntime
{
    /// <summary>Skips the test where no engine answers, and says what it needs.</summary>
    public static async Task SkipWhereThereIsNoneAsync(CancellationToken cancelled)
    {
        var program = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker";
        Assert.SkipUnless(
            await AnswersAsync([program, "info"], cancelled) && await AnswersAsync([program, "buildx", "version"], cancelled),
            $"No container engine with buildx answers to {program}: start Docker, or Podman with ASPIRE_CONTAINER_RUNTIME=podman.");
    }

    private static async Task<bool> AnswersAsync(string[] command, CancellationToken cancelled)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancelled), process.StandardError.ReadToEndAsync(cancelled));
            await process.WaitForExitAsync(cancelled);
            await said;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
