using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>Calls that no well-behaved client makes.</summary>
public class RefusedCallTests
{
    private static readonly byte[] Good = Wire.Batch(Wire.Now, Wire.Completed("e", "j")).ToByteArray();

    public static TheoryData<string, string> Frames() => new()
    {
        { "nothing", "13" },
        { "three bytes", "13" },
        { "truncated", "13" },
        { "garbage", "13" },
        { "unknown flag", "13" },
        { "two messages", "13" },
        { "too long", "8" },
        { "bomb", "8" },
        { "broken gzip", "13" },
        { "gzip without its header", "13" },
        { "unknown encoding", "12" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task ReportEvents_BrokenFrame_IsRefusedCountedAndChangesNothing(string frame, string status)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (body, encoding) = frame switch
        {
            "nothing" => (Array.Empty<byte>(), null),
            "three bytes" => ([0, 0, 0], null),
            "truncated" => (Framed(Good)[..^3], null),
            "garbage" => (Framed([0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]), null),
            "unknown flag" => (Framed(Good, flag: 7), null),
            "two messages" => ([.. Framed(Good), .. Framed(Good)], null),
            "too long" => (Framed(new byte[(4 * 1024 * 1024) + 1]), null),
            "bomb" => (Framed(Zipped(new byte[64 * 1024 * 1024]), flag: 1), "gzip"),
            "broken gzip" => (Framed([1, 2, 3, 4], flag: 1), "gzip"),
            "gzip without its header" => (Framed(Zipped(Good), flag: 1), null),
            _ => (Framed(Good, flag: 1), "snappy"),
        };

        Assert.Equal(status, await CallAsync(exporter, body, encoding));

        Assert.Equal("", await exporter.FleetTextAsync());
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
        Assert.Equal("0", await CallAsync(exporter, Framed(Good), null));
    }

    [Theory]
    [InlineData("doctor", "0")]
    [InlineData(null, "1")]
    public async Task ReportEvents_EmptyBatch_IsAFaultUnlessItOnlyAsks(string? probe, string refused)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var channel = new GrpcChannel(exporter.Grpc, new GrpcChannelOptions { Metadata = probe is null ? null : new Dictionary<string, string> { ["runner-metrics-probe"] = probe } });
        var refusal = await Assert.ThrowsAsync<GrpcException>(
            () => channel.CallAsync(CollectorMethods.ReportEvents, new ReportEventsRequest(), TimeSpan.FromSeconds(20), RunningExporter.Cancelled));
        Assert.Equal(GrpcStatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(refused, await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
    }

    [Fact]
    public async Task Call_UnknownMethod_IsUnimplemented()
    {
        await using var exporter = await RunningExporter.StartAsync();
        Assert.Equal("12", await CallAsync(exporter, Framed(Good), null, "/runnermetrics.v1.JobEventCollector/Other"));
    }

    [Fact]
    public async Task CheckHealth_Running_IsServingForTheServerAndTheCollector()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var channel = exporter.Channel();

        Assert.Equal(GrpcHealthStatus.Serving, await channel.CheckHealthAsync(cancellationToken: RunningExporter.Cancelled));
        Assert.Equal(
            GrpcHealthStatus.Serving,
            await channel.CheckHealthAsync("runnermetrics.v1.JobEventCollector", cancellationToken: RunningExporter.Cancelled));
        var unknown = await Assert.ThrowsAsync<GrpcException>(() => channel.CheckHealthAsync("other", cancellationToken: RunningExporter.Cancelled));
        Assert.Equal(GrpcStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<string?> CallAsync(
        RunningExporter exporter, byte[] body, string? encoding, string path = "/runnermetrics.v1.JobEventCollector/ReportEvents")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(exporter.Grpc, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        using var response = await client.SendAsync(request, RunningExporter.Cancelled);
        await response.Content.ReadAsByteArrayAsync(RunningExporter.Cancelled);
        return (response.Headers.TryGetValues("grpc-status", out var status) || response.TrailingHeaders.TryGetValues("grpc-status", out status))
            ? status.Single()
            : null;
    }

    private static byte[] Framed(byte[] message, byte flag = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Zipped(byte[] plain)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return zipped.ToArray();
    }
}
