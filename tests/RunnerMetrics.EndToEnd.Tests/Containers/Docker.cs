using System.Diagnostics;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>The docker program, with whatever engine it is set to.</summary>
internal static class Docker
{
    private const string Wanted = "RUNNER_METRICS_CONTAINERS";

    /// <summary>Building images takes minutes and hundreds of megabytes, so it is done where it is asked for.</summary>
    public static void SkipWhereNotWanted()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Wanted) == "1", $"Containers are built and run where {Wanted}=1 is set: run ./test.sh --containers");
        var (exitCode, said) = RunAsync("docker", ["info", "--format", "{{.ServerVersion}}"], CancellationToken.None).GetAwaiter().GetResult();
        Assert.SkipUnless(exitCode == 0, $"No Docker engine answers: {said}");
        Assert.SkipUnless(File.Exists("/usr/bin/mmdebstrap"), "mmdebstrap is not on this machine: run ./test.sh --containers, or apt-get install mmdebstrap");
    }

    /// <summary>Runs docker and returns what it says.</summary>
    public static async Task<string> RunAsync(CancellationToken cancelled, params string[] arguments)
    {
        var (exitCode, said) = await RunAsync("docker", arguments, cancelled);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', arguments)} ended with {exitCode}: {said}");
        return said.Trim();
    }

    public static async Task<(int ExitCode, string Said)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancelled)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var errors = process.StandardError.ReadToEndAsync(cancelled);
        await process.WaitForExitAsync(cancelled);
        return (process.ExitCode, await output + await errors);
    }
}
