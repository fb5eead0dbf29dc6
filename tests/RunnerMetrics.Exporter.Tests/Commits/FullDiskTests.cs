using System.Net;
using Grpc.Core;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>A real file system of 1 MB that is really full.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task DiskFull_RefusesAsExhaustedAndIsNotReadyUntilThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync("size=1m");
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = disk.Path });
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Completed("1", "a"));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(exporter));
        var filler = disk.Fill();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => SendUntilRefusedAsync(exporter));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(exporter));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_journal_writable"));

        // Signs of life need no disk, a new runner's included.
        Assert.All(await exporter.SendAsync(AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner("r2"))), result => Assert.Equal(Outcome.Accepted, result.Outcome));
        var before = await JobsAsync(exporter);

        File.Delete(filler);
        await BecomesReadyAsync(exporter);
        Assert.Equal(before, await JobsAsync(exporter));
        Assert.Equal(Outcome.Accepted, Assert.Single(await exporter.SendAsync(AgentEvents.Completed("2", "b"))).Outcome);
    }

    [Fact]
    public async Task DiskFullAtTheStart_ServesWhatItKnowsAndIsReadyWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync("size=1m");
        await using (var before = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = disk.Path }))
        {
            await before.SendAsync(AgentEvents.Completed("1", "a"));
        }

        var filler = disk.Fill();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = disk.Path });
        Assert.Equal("1", await exporter.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
        await Assert.ThrowsAsync<RpcException>(() => SendUntilRefusedAsync(exporter));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(exporter));

        File.Delete(filler);
        await BecomesReadyAsync(exporter);
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
}
