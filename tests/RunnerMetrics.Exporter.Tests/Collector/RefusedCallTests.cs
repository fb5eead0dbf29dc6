using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Serving = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>Calls that no well-behaved client makes.</summary>
public class RefusedCallTests
{
    private const int Limit = 4 * 1024 * 1024;

    private static readonly byte[] Message = AgentEvents.Batch(AgentEvents.Now, AgentEvents.Completed("e", "j")).ToByteArray();
    private static readonly byte[] Good = RawCall.Frame(Message);

    public static TheoryData<string, StatusCode> Frames() => new()
    {
        { "nothing", StatusCode.Internal },
        { "three bytes", StatusCode.Internal },
        { "truncated", StatusCode.Internal },
        { "garbage", StatusCode.Internal },
        { "unknown flag", StatusCode.Internal },
        { "two messages", StatusCode.Internal },
        { "a message and a byte", StatusCode.Internal },
        { "too long", StatusCode.ResourceExhausted },
        { "longest length there is", StatusCode.Internal },
        { "bomb", StatusCode.ResourceExhausted },
        { "one byte over, inflated", StatusCode.ResourceExhausted },
        { "broken gzip", StatusCode.Internal },
        { "gzip cut short", StatusCode.Internal },
        { "gzip with a flipped bit", StatusCode.Internal },
        { "gzip without its header", StatusCode.Internal },
        { "unknown encoding", StatusCode.Unimplemented },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task ReportEvents_BrokenFrame_IsRefusedCountedAndChangesNothing(string frame, StatusCode status)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var zipped = RawCall.Gzip(Message);
        (byte[] Body, string? Encoding) sent = frame switch
        {
            "nothing" => ([], null),
            "three bytes" => ([0, 0, 0], null),
            "truncated" => (Good[..^3], null),
            "garbage" => (RawCall.Frame([0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]), null),
            "unknown flag" => (RawCall.Frame(Message, flag: 7), null),
            "two messages" => ([.. Good, .. Good], null),
            "a message and a byte" => ([.. Good, 0], null),
            "too long" => (RawCall.Frame(new byte[Limit + 1]), null),
            "longest length there is" => (RawCall.Frame(Message, length: uint.MaxValue), null),
            "bomb" => (RawCall.Frame(RawCall.Gzip(new byte[64 * 1024 * 1024]), flag: 1), "gzip"),
            "one byte over, inflated" => (RawCall.Frame(RawCall.Gzip(new byte[Limit + 1]), flag: 1), "gzip"),
            "broken gzip" => (RawCall.Frame([1, 2, 3, 4], flag: 1), "gzip"),
            "gzip cut short" => (RawCall.Frame(zipped[..^9], flag: 1), "gzip"),
            "gzip with a flipped bit" => (RawCall.Frame([.. zipped[..^6], (byte)(zipped[^6] ^ 1), .. zipped[^5..]], flag: 1), "gzip"),
            "gzip without its header" => (RawCall.Frame(zipped, flag: 1), null),
            _ => (RawCall.Frame(Message, flag: 1), "snappy"),
        };

        var answer = await RawAsync(exporter, [sent.Body], sent.Encoding is null ? [] : [("grpc-encoding", sent.Encoding)]);

        Assert.Equal((HttpStatusCode.OK, status, true), (answer.HttpStatus, StatusOf(answer), answer.StatusInHeaders));
        Assert.NotEmpty(answer.Message!);
        Assert.Equal("", await exporter.FleetTextAsync());
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
        Assert.Equal(StatusCode.OK, StatusOf(await RawAsync(exporter, [Good])));
    }

    [Fact]
    public async Task ReportEvents_GzipCutAtEveryByte_IsNeverTaken()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var zipped = RawCall.Gzip(Message);
        for (var length = 0; length < zipped.Length; length++)
        {
            Assert.NotEqual(StatusCode.OK, StatusOf(await RawAsync(exporter, [RawCall.Frame(zipped[..length], flag: 1)], [("grpc-encoding", "gzip")])));
        }

        Assert.Equal("", await exporter.FleetTextAsync());
        Assert.Equal(StatusCode.OK, StatusOf(await RawAsync(exporter, [RawCall.Frame(zipped, flag: 1)], [("grpc-encoding", "gzip")])));
    }

    [Fact]
    public async Task ReportEvents_SplitAtEveryByte_IsTaken()
    {
        await using var exporter = await RunningExporter.StartAsync();
        for (var split = 1; split < Good.Length; split++)
        {
            Assert.Equal(StatusCode.OK, StatusOf(await RawAsync(exporter, [Good[..split], Good[split..]])));
        }

        Assert.Equal(StatusCode.OK, StatusOf(await RawAsync(exporter, [.. Good.Select(b => new[] { b })])));
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("identity,gzip", true)]
    [InlineData("identity", false)]
    public async Task ReportEvents_LongAnswer_IsGzippedWhereAcceptedAndAShortOneNever(string accepted, bool isGzipped)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var batch = AgentEvents.Batch(AgentEvents.Now, Enumerable.Range(0, 500).Select(i => AgentEvents.Completed($"event-{i}", $"job-{i}"))).ToByteArray();

        var answer = await RawAsync(exporter, [RawCall.Frame(batch)], [("grpc-accept-encoding", accepted)]);

        Assert.Equal(StatusCode.OK, StatusOf(answer));
        Assert.Equal(isGzipped ? 1 : 0, answer.Body[0]);
        Assert.Equal(0, (await RawAsync(exporter, [Good], [("grpc-accept-encoding", accepted)])).Body[0]);
    }

    [Fact]
    public async Task ReportEvents_UnknownEncoding_IsToldWhichAreKnown()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var answer = await RawAsync(exporter, [RawCall.Frame(Message, flag: 1)], [("grpc-encoding", "deflate")]);
        Assert.Equal("identity,gzip", string.Join(", ", answer.Headers.GetValues("grpc-accept-encoding")));
    }

    [Fact]
    public async Task ReportEvents_WrongToken_IsRefusedBeforeTheBodyIsLookedAt()
    {
        using var folder = new TemporaryFolder();
        var tokens = Path.Combine(folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, "right-0123456789\n", RunningExporter.Cancelled);
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TokenFile = tokens });

        // It would be RESOURCE_EXHAUSTED, had it been looked at.
        var tooLong = RawCall.Frame(new byte[Limit + 1]);
        Assert.Equal(StatusCode.Unauthenticated, StatusOf(await RawAsync(exporter, [tooLong], [("authorization", "Bearer wrong")])));
        Assert.Equal(StatusCode.ResourceExhausted, StatusOf(await RawAsync(exporter, [tooLong], [("authorization", "Bearer right-0123456789")])));
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"unauthenticated\"}"));
    }

    [Fact]
    public async Task ReportEvents_TooLong_LeavesTheConnectionAsItWas()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancelled) =>
            {
                connections++;
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancelled);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new PatientHttpClient(handler) { BaseAddress = exporter.Grpc, Timeout = Timeout.InfiniteTimeSpan };

        Assert.Equal(StatusCode.ResourceExhausted, StatusOf(await http.RawAsync([RawCall.Frame(new byte[Limit + 1])])));
        Assert.Equal(StatusCode.OK, StatusOf(await http.RawAsync([Good])));
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task ReportEvents_ResetHalfWay_IsNobodysFault()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var http = new PatientHttpClient { BaseAddress = exporter.Grpc };
        using var request = new HttpRequestMessage(HttpMethod.Post, RawCall.ReportEvents)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(new BreakingStream(Good[..^1])),
        };
        request.Content.Headers.Add("Content-Type", "application/grpc");
        await Assert.ThrowsAnyAsync<Exception>(() => http.SendAsync(request, RunningExporter.Cancelled));

        Assert.Equal(StatusCode.OK, StatusOf(await http.RawAsync([Good])));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task ReportEvents_OtherContentType_Is415(string contentType)
    {
        await using var exporter = await RunningExporter.StartAsync();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await RawAsync(exporter, [Good], contentType: contentType)).HttpStatus);
    }

    [Fact]
    public async Task ReportEvents_Get_IsNotFound()
    {
        await using var exporter = await RunningExporter.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await RawAsync(exporter, [], method: HttpMethod.Get)).HttpStatus);
    }

    [Theory]
    [InlineData("doctor", "0")]
    [InlineData(null, "1")]
    public async Task ReportEvents_EmptyBatch_IsAFaultUnlessItOnlyAsks(string? probe, string refused)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var answer = await RawAsync(exporter, [RawCall.Frame([])], probe is null ? [] : [("runner-metrics-probe", probe)]);
        Assert.Equal(StatusCode.InvalidArgument, StatusOf(answer));
        Assert.Equal(refused, await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
    }

    [Theory]
    [InlineData("Other")]
    [InlineData("/no.such.Service/Method")]
    public async Task Call_UnknownMethodOrService_IsUnimplemented(string method)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var path = method[0] == '/' ? method : $"/{JobEventCollector.Descriptor.FullName}/{method}";
        Assert.Equal(StatusCode.Unimplemented, StatusOf(await RawAsync(exporter, [Good], path: path)));
    }

    [Fact]
    public async Task CheckHealth_AsTheJournalIs_AnswersLikeReady()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var channel = exporter.Channel();
        var client = new Health.HealthClient(channel);
        async Task<Serving> AskAsync(string service) =>
            (await client.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: RunningExporter.Cancelled)).Status;

        Assert.Equal(Serving.Serving, await AskAsync(""));
        Assert.Equal(Serving.Serving, await AskAsync(JobEventCollector.Descriptor.FullName));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => AskAsync("other"))).StatusCode);

        await exporter.StopTakingAsync();
        using var ready = await exporter.Client.GetAsync(new Uri("/ready", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(Serving.NotServing, await AskAsync(""));
        Assert.Equal(Serving.NotServing, await AskAsync(JobEventCollector.Descriptor.FullName));
    }

    [Theory]
    [InlineData(true, StatusCode.OK)]
    [InlineData(false, StatusCode.Unimplemented)]
    public async Task Reflection_IsThereWhereItIsAskedFor(bool isOn, StatusCode status)
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { GrpcReflection = isOn });
        // list_services = 7 of grpc.reflection.v1.ServerReflectionRequest
        var answer = await RawAsync(exporter, [RawCall.Frame([0x3A, 0x01, (byte)'*'])], path: "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
        Assert.Equal(status, StatusOf(answer));
        Assert.Equal(isOn, System.Text.Encoding.UTF8.GetString(answer.Body).Contains(JobEventCollector.Descriptor.FullName, StringComparison.Ordinal));
    }

    private static async Task<RawAnswer> RawAsync(
        RunningExporter exporter, byte[][] chunks, (string Name, string Value)[]? headers = null, string? path = null, string contentType = "application/grpc", HttpMethod? method = null)
    {
        using var http = new PatientHttpClient { BaseAddress = exporter.Grpc, Timeout = Timeout.InfiniteTimeSpan };
        return await http.RawAsync(chunks, headers, path, contentType, method);
    }

    private static StatusCode? StatusOf(RawAnswer answer) =>
        int.TryParse(answer.Status, System.Globalization.CultureInfo.InvariantCulture, out var status) ? (StatusCode)status : null;

    /// <summary>Gives its bytes, then fails.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(ToArray(), cancellationToken);
            await destination.FlushAsync(cancellationToken);
            throw new IOException("as meant");
        }
    }
}
