using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Messages of half a megabyte that inflate to twice the memory of the deployments, several at once.</summary>
public sealed class BombTests
{
    private const int Inflated = 512 * 1024 * 1024;
    private const int AtOnce = 8;

    private static readonly Dictionary<string, string> ShippedLimit = new() { ["DOTNET_GCHeapHardLimit"] = "10000000" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bombs_SeveralAtOnce_AreRefusedAndEndNoProcess()
    {
        await using var exporter = ExporterProcess.Start(ShippedLimit, "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        using var client = new PatientHttpClient { BaseAddress = grpc };
        var bomb = FrameOf(Bomb());

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => SendAsync(client, bomb)));

        Assert.All(answers, answer => Assert.Equal("8", answer)); // RESOURCE_EXHAUSTED
        using var scraper = new PatientHttpClient { BaseAddress = http };
        var scrape = Scraped.Of(await scraper.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled));
        Assert.Equal(AtOnce, scrape.Sum("runner_metrics_batches_refused_total"));
        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);
    }

    private static async Task<string> SendAsync(HttpClient client, byte[] frame)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{JobEventCollector.Descriptor.FullName}/{nameof(JobEventCollector.JobEventCollectorClient.ReportEvents)}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        using var response = await client.SendAsync(request, Cancelled);
        return response.Headers.TryGetValues("grpc-status", out var status) ? string.Concat(status) : "none";
    }

    private static byte[] Bomb()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var written = 0; written < Inflated; written += zeros.Length)
            {
                gzip.Write(zeros);
            }
        }

        return compressed.ToArray();
    }

    // A flag that says it is compressed, and its length.
    private static byte[] FrameOf(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
