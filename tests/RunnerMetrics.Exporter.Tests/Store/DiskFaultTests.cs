using System.ComponentModel;
using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Commits;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A real exporter whose fsyncs fail, made to by strace.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Arguments => ["--http-port", "0", "--grpc-port", "0", "--data", _folder.Path];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fsync_Fails_AcknowledgesNothingAndCountsEveryRepetitionOnce(bool killedMeanwhile)
    {
        await using (var exporter = ExporterProcess.Start(Arguments))
        {
            var (http, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            await SendAsync(channel, 0);
            await using (var strace = await AttachAsync(exporter.Id))
            {
                Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => SendAsync(channel, 1))).StatusCode);
                Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => SendAsync(channel, 0))).StatusCode);
                if (killedMeanwhile)
                {
                    await exporter.KillAsync();
                }
                else
                {
                    await strace.SignalAsync("TERM");
                }

                await strace.EndAsync();
            }

            if (!killedMeanwhile)
            {
                using var client = new PatientHttpClient { BaseAddress = http };
                await Wait.UntilAsync(
                    async () =>
                    {
                        using var ready = await client.GetAsync(new Uri("/ready", UriKind.Relative), RunningExporter.Cancelled);
                        return ready.StatusCode == HttpStatusCode.OK;
                    },
                    "the exporter is ready again");
                Assert.Equal(EventResult.Types.Outcome.Accepted, await SendAsync(channel, 1));
                await exporter.KillAsync();
            }
        }

        await using var again = ExporterProcess.Start(Arguments);
        var (address, collector) = await again.ReadyAsync();
        using var second = CollectorCalls.Open(collector);
        await SendAsync(second, 0);
        await SendAsync(second, 1);
        using var scraper = new PatientHttpClient();
        var text = await scraper.GetStringAsync(new Uri(address, "/metrics"), RunningExporter.Cancelled);
        Assert.Contains(SingleJobs.SampleOf("s", 0) + " 1\n", text, StringComparison.Ordinal);
        Assert.Contains(SingleJobs.SampleOf("s", 1) + " 1\n", text, StringComparison.Ordinal);
    }

    private static async Task<EventResult.Types.Outcome> SendAsync(GrpcChannel channel, int job) =>
        Assert.Single((await channel.ReportAsync(AgentEvents.Batch(AgentEvents.Now, SingleJobs.Of("s", job, hasSequence: false)))).Results).Outcome;

    private static async Task<RunningProgram> AttachAsync(int exporter)
    {
        try
        {
            var strace = RunningProgram.Start(
                "strace", "-f", "-p", exporter.ToString(CultureInfo.InvariantCulture), "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-o", "/dev/null");
            var line = await strace.WaitForLineAsync(".+");
            Assert.SkipUnless(line.Value.Contains("attached", StringComparison.Ordinal), $"strace may not attach here: {line}");
            return strace;
        }
        catch (Win32Exception)
        {
            Assert.Skip("strace is not here: apt-get install strace.");
            throw;
        }
    }
}
