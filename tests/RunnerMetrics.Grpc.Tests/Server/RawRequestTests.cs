using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>What no client of ours sends.</summary>
public sealed class RawRequestTests : IAsyncLifetime
{
    private static readonly byte[] Message = Collector.Batch(2).ToByteArray();
    private static readonly byte[] Good = RawCall.Frame(Message);

    private LoopbackServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(app =>
        {
            app.MapGrpcUnary(Collector.ReportEvents, Collector.AnswerAsync, new GrpcServerOptions { MaxRequestBytes = 1 << 20 });
            app.MapGrpcUnimplemented();
            app.MapGet("/metrics", () => "text");
        });
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _server.Address, Timeout = Collector.Patience };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Request_SplitAtEveryByte_IsAnswered()
    {
        for (int split = 1; split < Good.Length; split++)
        {
            RawAnswer answer = await _http.RawAsync([Good[..split], Good[split..]]);
            Assert.Equal("0", answer.Status);
        }

        Assert.Equal("0", (await _http.RawAsync([.. Good.Select(b => new[] { b })])).Status);
    }

    [Fact]
    public async Task Request_Good_IsFrameThenTrailers()
    {
        RawAnswer answer = await _http.RawAsync([Good]);
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.False(answer.StatusInHeaders);
        Assert.Equal(0, answer.Body[0]);
        Assert.Equal(2, V1.ReportEventsResponse.Parser.ParseFrom(answer.Body.AsSpan(5)).Results.Count);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("identity,deflate, GZIP ", true)]
    [InlineData("identity", false)]
    [InlineData("xgzip", false)]
    public async Task Response_LongAndShrinking_IsGzippedWhereAccepted(string accepted, bool compressed)
    {
        byte[] frame = RawCall.Frame(Collector.Batch(500).ToByteArray());
        RawAnswer answer = await _http.RawAsync([frame], [("grpc-accept-encoding", accepted)]);
        Assert.Equal("0", answer.Status);
        Assert.Equal(compressed ? 1 : 0, answer.Body[0]);
        Assert.Equal(compressed, answer.Headers.TryGetValues("grpc-encoding", out _));
        Assert.Equal(0, (await _http.RawAsync([Good], [("grpc-accept-encoding", accepted)])).Body[0]);
    }

    [Fact]
    public async Task Request_Deflate_IsUnimplementedAndToldWhatIsNot()
    {
        RawAnswer answer = await _http.RawAsync([RawCall.Frame(Message, flag: 1)], [("grpc-encoding", "deflate")]);
        AssertError(answer, GrpcStatusCode.Unimplemented);
        Assert.Equal("gzip, identity", string.Join(", ", answer.Headers.GetValues("grpc-accept-encoding")));
    }

    [Fact]
    public async Task Request_Bomb_IsResourceExhausted() => AssertError(
        await _http.RawAsync([RawCall.Frame(RawCall.Gzip(new byte[100 << 20]), flag: 1)], [("grpc-encoding", "gzip")]),
        GrpcStatusCode.ResourceExhausted);

    [Fact]
    public async Task Request_MalformedFrames_AreInternalAndSayWhy()
    {
        (string Why, byte[] Body)[] cases =
        [
            ("holds no message", []),
            ("ended after 3 bytes", Good[..3]),
            ("ended after 10 of", Good[..15]),
            ("more than one message", [.. Good, .. Good]),
            ("more than one message", [.. Good, 0]),
            ("first byte is 9", [9, .. Good[1..]]),
            ("marked compressed", [1, .. Good[1..]]),
            ("does not parse", RawCall.Frame([0xff, 0xff, 0xff])),
        ];
        foreach ((string why, byte[] body) in cases)
        {
            RawAnswer answer = await _http.RawAsync([body]);
            AssertError(answer, GrpcStatusCode.Internal);
            Assert.Contains(why, answer.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-1S")]
    [InlineData("999999999S")]
    [InlineData("soon")]
    public async Task Request_BadTimeout_IsInternal(string timeout)
    {
        RawAnswer answer = await _http.RawAsync([Good], [("grpc-timeout", timeout)]);
        AssertError(answer, GrpcStatusCode.Internal);
        Assert.Contains("grpc-timeout", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("99999999S")]
    [InlineData("1000H")]
    public async Task Request_TimeoutOfYears_IsAnswered(string timeout) =>
        Assert.Equal("0", (await _http.RawAsync([Good], [("grpc-timeout", timeout)])).Status);

    [Fact]
    public async Task Request_TimeoutOfZero_IsDeadlineExceeded() =>
        AssertError(await _http.RawAsync([Good], [("grpc-timeout", "0S")]), GrpcStatusCode.DeadlineExceeded);

    [Fact]
    public async Task Request_OtherContentType_Is415OnAMethodAnd404Elsewhere()
    {
        foreach (string contentType in new[] { "application/json", "application/grpc-web", "application/grpc+json" })
        {
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _http.RawAsync([Good], contentType: contentType)).HttpStatus);
            Assert.Equal(HttpStatusCode.NotFound, (await _http.RawAsync([Good], path: "/a/b", contentType: contentType)).HttpStatus);
        }
    }

    [Fact]
    public async Task Request_OtherMethod_Is405()
    {
        RawAnswer answer = await _http.RawAsync([], method: HttpMethod.Get);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.HttpStatus);
    }

    [Fact]
    public async Task Fallback_OtherRoutes_AreLeftAlone()
    {
        Assert.Equal("text"u8.ToArray(), (await _http.RawAsync([], path: "/metrics", method: HttpMethod.Get)).Body);
        AssertError(await _http.RawAsync([Good], path: "/metrics"), GrpcStatusCode.Unimplemented);
        AssertError(await _http.RawAsync([Good], path: "/no"), GrpcStatusCode.Unimplemented);
        AssertError(await _http.RawAsync([Good], path: "/no/such/thing"), GrpcStatusCode.Unimplemented);
    }

    [Fact]
    public async Task Request_ResetHalfWay_IsNoErrorAndTheConnectionLivesOn()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Collector.ReportEvents.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(new BreakingStream(Good[..^1])),
        };
        request.Content.Headers.Add("Content-Type", "application/grpc");
        await Assert.ThrowsAnyAsync<Exception>(() => _http.SendAsync(request, TestContext.Current.CancellationToken));
        await _server.Log.WaitForAsync("The client went away");
        Assert.Equal("0", (await _http.RawAsync([Good])).Status);
        Assert.DoesNotContain(_server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_Http11_Is426()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            app => app.MapGrpcUnary(Collector.ReportEvents, Collector.AnswerAsync), HttpProtocols.Http1);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new ByteArrayContent(Good);
        content.Headers.Add("Content-Type", "application/grpc");
        using HttpResponseMessage response = await http.PostAsync(
            new Uri(server.Address, Collector.ReportEvents.Path), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

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

    private static void AssertError(RawAnswer answer, GrpcStatusCode code)
    {
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal(((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Status);
        Assert.True(answer.StatusInHeaders);
        Assert.Empty(answer.Body);
    }
}
