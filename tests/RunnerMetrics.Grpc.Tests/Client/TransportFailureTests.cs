using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>What a client makes of a server that is away, is another one, or breaks off.</summary>
public class TransportFailureTests
{
    private static readonly byte[] Good = RawCall.Frame(
        new V1.ReportEventsResponse { Results = { new V1.EventResult { EventId = "e" } } }.ToByteArray());

    [Fact]
    public async Task Call_NobodyListens_IsUnavailable()
    {
        // Bound, but not listening: nobody else can take the port.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var channel = new GrpcChannel(new Uri($"http://{socket.LocalEndPoint}"));
        await AssertFailsAsync(channel, GrpcStatusCode.Unavailable, retryable: true);
    }

    [Fact]
    public async Task Call_NameDoesNotResolve_IsUnavailable()
    {
        using var channel = new GrpcChannel(new Uri("http://no-such-host.invalid:1"));
        await AssertFailsAsync(channel, GrpcStatusCode.Unavailable, retryable: true);
    }

    [Fact]
    public async Task Call_ConnectionResetAsItIsMade_IsUnavailable()
    {
        using var handler = new ResetHandler();
        using var channel = new GrpcChannel(new Uri("http://collector:1"), new GrpcChannelOptions { Handler = handler });
        await AssertFailsAsync(channel, GrpcStatusCode.Unavailable, retryable: true);
    }

    [Fact]
    public async Task Call_ServerComesBack_IsAnsweredOnTheSameChannel()
    {
        LoopbackServer first = await LoopbackServer.StartCollectorAsync();
        Uri current = first.Address;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, current.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var channel = new GrpcChannel(new Uri("http://collector:1"), new GrpcChannelOptions { Handler = handler });
        await channel.ReportAsync(Collector.Batch(1));
        await first.DisposeAsync();
        await AssertFailsAsync(channel, GrpcStatusCode.Unavailable, retryable: true);

        await using LoopbackServer second = await LoopbackServer.StartCollectorAsync();
        current = second.Address;
        Assert.Single((await channel.ReportAsync(Collector.Batch(1))).Results);
    }

    [Theory]
    [InlineData(400, GrpcStatusCode.Internal, true)]
    [InlineData(401, GrpcStatusCode.Unauthenticated, false)]
    [InlineData(403, GrpcStatusCode.PermissionDenied, false)]
    [InlineData(404, GrpcStatusCode.Unimplemented, false)]
    [InlineData(429, GrpcStatusCode.Unavailable, true)]
    [InlineData(500, GrpcStatusCode.Unknown, true)]
    [InlineData(502, GrpcStatusCode.Unavailable, true)]
    [InlineData(503, GrpcStatusCode.Unavailable, true)]
    [InlineData(504, GrpcStatusCode.Unavailable, true)]
    [InlineData(301, GrpcStatusCode.Unknown, true)]
    public Task Call_HttpStatus_IsMapped(int httpStatus, GrpcStatusCode code, bool retryable) => AssertAnswerAsync(
        context =>
        {
            context.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        },
        code,
        retryable);

    [Fact]
    public Task Call_WebPage_IsUnknown() =>
        AssertAnswerAsync(context => context.Response.WriteAsync("<html>"), GrpcStatusCode.Unknown, retryable: true);

    [Fact]
    public Task Call_StatusInHeadersUnderHttp503_IsTheServersWord() => AssertAnswerAsync(
        context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "9";
            return Task.CompletedTask;
        },
        GrpcStatusCode.FailedPrecondition,
        retryable: false);

    [Fact]
    public Task Call_NoGrpcStatus_IsUnknown() => AssertAnswerAsync(context => AnswerAsync(context, Good), GrpcStatusCode.Unknown, retryable: true);

    [Fact]
    public Task Call_StatusThatNobodyKnows_IsUnknown() =>
        AssertAnswerAsync(context => AnswerAsync(context, [], "99"), GrpcStatusCode.Unknown, retryable: false);

    [Fact]
    public Task Call_OkWithoutAMessage_IsInternal() =>
        AssertAnswerAsync(context => AnswerAsync(context, [], "0"), GrpcStatusCode.Internal, retryable: true);

    [Fact]
    public Task Call_OkInHeadersAlone_IsInternal() => AssertAnswerAsync(
        context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        },
        GrpcStatusCode.Internal,
        retryable: true);

    [Fact]
    public Task Call_TwoMessages_IsInternal() =>
        AssertAnswerAsync(context => AnswerAsync(context, [.. Good, .. Good], "0"), GrpcStatusCode.Internal, retryable: true);

    [Fact]
    public Task Call_HalfAMessage_IsInternal() =>
        AssertAnswerAsync(context => AnswerAsync(context, Good[..^1], "0"), GrpcStatusCode.Internal, retryable: true);

    [Fact]
    public Task Call_HalfAMessageThenAnError_IsThatError() =>
        AssertAnswerAsync(context => AnswerAsync(context, Good[..^1], "10"), GrpcStatusCode.Aborted, retryable: true);

    [Fact]
    public Task Call_MessageThenAnError_IsThatError() =>
        AssertAnswerAsync(context => AnswerAsync(context, Good, "9"), GrpcStatusCode.FailedPrecondition, retryable: false);

    [Theory]
    [InlineData(0x2, GrpcStatusCode.Internal)]
    [InlineData(0x7, GrpcStatusCode.Unavailable)]
    [InlineData(0x8, GrpcStatusCode.Cancelled)]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted)]
    public Task Call_StreamReset_IsMapped(int http2Error, GrpcStatusCode code) => AssertAnswerAsync(
        async context =>
        {
            // Once the response is under way, so that nothing is repeated unseen.
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Good.AsMemory(0, 3));
            await context.Response.Body.FlushAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(http2Error);
        },
        code,
        retryable: true);

    [Fact]
    public async Task Call_ServerSpeaksHttp1Only_IsAskedAboutItsPort()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(app => app.MapGet("/", () => "web"), HttpProtocols.Http1);
        using GrpcChannel channel = server.Channel();
        GrpcException error = await channel.FailAsync(Collector.Batch(1));
        Assert.Equal((GrpcStatusCode.Internal, true), (error.StatusCode, error.IsRetryable));
        Assert.Contains("is this the gRPC port?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ResponseOverTheLimit_IsResourceExhausted(bool compressed)
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(new GrpcServerOptions { CompressResponses = compressed });
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { MaxResponseBytes = 10_000 });
        GrpcException error = await channel.FailAsync(Collector.Batch(1000));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains(compressed ? "inflates to" : "the limit is 10000", error.Message, StringComparison.Ordinal);
        Assert.Single((await channel.ReportAsync(Collector.Batch(1))).Results);
    }

    [Fact]
    public async Task Call_TokenWithALineEnd_IsUnauthenticatedAndNotShown()
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:1"), new GrpcChannelOptions { BearerToken = () => "secret\n" });
        GrpcException error = await channel.FailAsync(Collector.Batch(1));
        Assert.Equal(GrpcStatusCode.Unauthenticated, error.StatusCode);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://host/path")]
    [InlineData("http://user@host")]
    [InlineData("/relative")]
    public void Channel_AddressIsNoServer_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => new GrpcChannel(new Uri(address, UriKind.RelativeOrAbsolute)));

    private static async Task AnswerAsync(HttpContext context, byte[] body, string? status = null)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body);
        await context.Response.Body.FlushAsync();
        if (status is not null)
        {
            context.Response.AppendTrailer("grpc-status", status);
        }
    }

    private static async Task AssertAnswerAsync(RequestDelegate answer, GrpcStatusCode code, bool retryable)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(app => app.MapPost(Collector.ReportEvents.Path, answer));
        using GrpcChannel channel = server.Channel();
        await AssertFailsAsync(channel, code, retryable);
    }

    private static async Task AssertFailsAsync(GrpcChannel channel, GrpcStatusCode code, bool retryable)
    {
        GrpcException error = await channel.FailAsync(Collector.Batch(1));
        Assert.Equal((code, retryable), (error.StatusCode, error.IsRetryable));
    }

    // What HttpConnectionPool lets through where it asks a connection that is gone already for its other end.
    private sealed class ResetHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.NotConnected);
    }
}
