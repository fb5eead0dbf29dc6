using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>More connections that only stay open than the exporter has file descriptors.</summary>
public sealed class IdleConnectionsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IdleConnections_MoreThanDescriptors_NeitherEndTheProcessNorKeepOthersOut()
    {
        await using var exporter = ExporterProcess.StartAfter("ulimit -n 1024", "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        Assert.Matches("Limits: .*connections to the HTTP port", exporter.Output);
        var strangers = new List<Stranger>();
        try
        {
            foreach (var port in new[] { http, grpc })
            {
                for (var i = 0; i < 1_100; i++)
                {
                    strangers.Add(await Stranger.ConnectAsync(port, Cancelled));
                }
            }

            await UntilServedAsync(http, grpc);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        await UntilServedAsync(http, grpc);
        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);
    }

    private static Task UntilServedAsync(Uri http, Uri grpc)
    {
        var problem = "";
        return Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var client = new PatientHttpClient { BaseAddress = http };
                    using var channel = CollectorCalls.Open(grpc);
                    var batch = new ReportEventsRequest { SentAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) };
                    batch.Events.Add(new Event
                    {
                        EventId = "beat",
                        OccurredAt = batch.SentAt,
                        Runner = new Runner { Name = "r1", Type = "standard" },
                        Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle },
                    });
                    await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(batch, cancellationToken: Cancelled);
                    return (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled)).Contains("github_runner_status{runner_name=\"r1\"", StringComparison.Ordinal);
                }
                catch (Exception e) when (e is HttpRequestException or Grpc.Core.RpcException)
                {
                    problem = e.Message;
                    return false;
                }
            },
            () => problem,
            Cancelled);
    }
}
