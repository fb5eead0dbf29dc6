using System.Diagnostics;
using RunnerMetrics.EndToEnd.Tests.Runners;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>What programs of a release are for: a simulated runner's jobs, delivered by the agent, in the exporter's <c>/metrics</c>.</summary>
internal static class ProgramsAtWork
{
    private const int Jobs = 3;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts exporter and agent, and checks that every job is counted.</summary>
    /// <param name="program">What starts a program, by its name and arguments.</param>
    /// <param name="folder">Gets the runner's logs, the spool and the store.</param>
    public static async Task CountJobsAsync(Func<string, string[], Task<ProcessStartInfo>> program, TemporaryFolder folder)
    {
        var diag = folder.File("_diag");
        var simulated = await ProcessRun.RunAsync(
            Programs.Start(typeof(SimulatedRunner).Assembly, "--diag", diag, "--runner-name", "build-7", "--seed", "7", "--speed", "1000", "--jobs", $"{Jobs}"), Cancelled);
        Assert.True(simulated.ExitCode == 0, simulated.Said);

        await using var exporter = RunningProgram.Start(await program("runner-metrics-exporter", ["--data", folder.File("data"), "--http-port", "0", "--grpc-port", "0"]));
        var (http, grpc) = await exporter.ReadyAsync();
        using var client = new PatientHttpClient();
        using var ready = await client.GetAsync(new Uri(http, "/ready"), Cancelled);
        Assert.True(ready.IsSuccessStatusCode, $"/ready is {ready.StatusCode}.");

        await Deliver.AllAsync(async () => await ProcessRun.RunAsync(
            await program("runner-metrics-agent", ["run", "--once", "--diag", diag, "--spool", folder.File("spool"), "--runner-type", "standard", "--collector", grpc.ToString()]), Cancelled));
        await AssertCountedAsync(http);
        await exporter.SignalAsync("TERM");
        var ended = await exporter.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Said);
    }

    /// <summary>Checks that an exporter shows what was counted.</summary>
    public static async Task AssertCountedAsync(Uri http)
    {
        var scraped = await Scraped.ReadAsync(http, Cancelled);
        Assert.True(scraped.Sum("github_runner_jobs_total") == Jobs, scraped.Text);
        Assert.Contains($"runner_metrics_build_info{{version=\"{BuiltRelease.Version}\"", scraped.Text, StringComparison.Ordinal);
    }
}
