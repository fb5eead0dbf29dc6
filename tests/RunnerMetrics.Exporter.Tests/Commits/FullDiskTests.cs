using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Grpc.Core;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>A real file system of 1 MB that is really full.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "-l", _folder.Path);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task DiskFull_RefusesAsExhaustedAndIsNotReadyUntilThereIsRoom()
    {
        Mount();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Completed("1", "a"));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(exporter));
        FillUp();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => SendUntilRefusedAsync(exporter));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(exporter));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_journal_writable"));

        // Signs of life need no disk, a new runner's included.
        Assert.All(await exporter.SendAsync(AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner("r2"))), result => Assert.Equal(Outcome.Accepted, result.Outcome));
        var before = await JobsAsync(exporter);

        File.Delete(Filler);
        await BecomesReadyAsync(exporter);
        Assert.Equal(before, await JobsAsync(exporter));
        Assert.Equal(Outcome.Accepted, Assert.Single(await exporter.SendAsync(AgentEvents.Completed("2", "b"))).Outcome);
    }

    [Fact]
    public async Task DiskFullAtTheStart_ServesWhatItKnowsAndIsReadyWhenThereIsRoom()
    {
        Mount();
        await using (var before = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path }))
        {
            await before.SendAsync(AgentEvents.Completed("1", "a"));
        }

        FillUp();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        Assert.Equal("1", await exporter.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
        await Assert.ThrowsAsync<RpcException>(() => SendUntilRefusedAsync(exporter));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(exporter));

        File.Delete(Filler);
        await BecomesReadyAsync(exporter);
    }

    private string Filler => Path.Combine(_folder.Path, "filler");

    private void Mount()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A file system of 1 MB is made with Linux's tmpfs.");
        _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder.Path);
        Assert.SkipUnless(_isMounted, "A tmpfs cannot be mounted here: that needs root, or CAP_SYS_ADMIN in a container.");
    }

    private void FillUp()
    {
        using var filler = File.OpenHandle(Filler, FileMode.Create, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var at = 0L; ; at += block.Length)
            {
                RandomAccess.Write(filler, block, at);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    // What is left of the last block takes an event or two.
    private static async Task SendUntilRefusedAsync(RunningExporter exporter)
    {
        for (var i = 0; i < 100; i++)
        {
            await exporter.SendAsync(AgentEvents.Completed($"fill-{i}", "a"));
        }
    }

    private static Task BecomesReadyAsync(RunningExporter exporter) => Wait.UntilAsync(
        async () =>
        {
            exporter.Clock.Advance(TimeSpan.FromSeconds(1));
            return await ReadyAsync(exporter) == HttpStatusCode.OK;
        },
        "the exporter is ready");

    private static async Task<string> JobsAsync(RunningExporter exporter) =>
        string.Join('\n', (await exporter.FleetTextAsync()).Split('\n').Where(line => line.StartsWith("github_runner_job", StringComparison.Ordinal)));

    private static async Task<HttpStatusCode> ReadyAsync(RunningExporter exporter)
    {
        using var response = await exporter.Client.GetAsync(new Uri("/ready", UriKind.Relative), RunningExporter.Cancelled);
        return response.StatusCode;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
