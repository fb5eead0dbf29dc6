using System.Text;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Readers of <c>/metrics</c> who ask and do not read, under the memory limit of the deployments.</summary>
public sealed class SlowReadersTests
{
    private const int Runners = 500;
    private const int Readers = 200;

    private static readonly Dictionary<string, string> ShippedLimit = new() { ["DOTNET_GCHeapHardLimit"] = "10000000" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_200ThatDoNotRead_KeepNobodyElseFromScrapingAndReporting()
    {
        await using var exporter = ExporterProcess.Start(ShippedLimit, "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        using var client = new PatientHttpClient { BaseAddress = http };
        for (var job = 0; job < 3; job++)
        {
            await channel.ReportAsync(Batch(job));
        }

        List<Stranger> readers = [];
        try
        {
            for (var i = 0; i < Readers; i++)
            {
                var reader = await Stranger.ConnectAsync(http, Cancelled);
                readers.Add(reader);
                await reader.SendAsync(Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: exporter\r\n\r\nGET /metrics HTTP/1.1\r\nHost: exporter\r\n\r\n"), Cancelled);
            }

            for (var job = 3; job < 6; job++)
            {
                await channel.ReportAsync(Batch(job));
                var scrape = Scraped.Of(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled));
                Assert.Equal((job + 1) * Runners, scrape.Sum("github_runner_jobs_total"));
            }
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }

        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);
    }

    private static ReportEventsRequest Batch(int job)
    {
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var batch = new ReportEventsRequest { SentAt = now };
        batch.Events.AddRange(Enumerable.Range(0, Runners).Select(runner => new Event
        {
            EventId = $"{runner}-{job}",
            OccurredAt = now,
            Runner = new Runner { Name = $"runner-{runner}", Type = "standard" },
            JobCompleted = new JobCompleted { Job = new Job { JobKey = $"{runner}-{job}" }, Conclusion = JobCompleted.Types.Conclusion.Success, StartedAt = now, CompletedAt = now },
        }));
        return batch;
    }
}
