using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>What the agent makes of a collector that is away, is something else, or breaks off.</summary>
public sealed class TransportFailureTests : IDisposable
{
    private static readonly byte[] Good = Frame(new ReportEventsResponse { Results = { new EventResult { EventId = "e" } } }.ToByteArray());

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Send_NobodyListens_IsUnavailableAndSaysTheInnermostReason()
    {
        // Bound, but not listening: nobody else can take the port.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await AssertFailsAsync(new Uri($"http://{socket.LocalEndPoint}"), DeliveryProblem.Unavailable, "Connection refused");
    }

    [Fact]
    public Task Send_NameDoesNotResolve_IsUnavailable() => AssertFailsAsync(new Uri("http://no-such-host.invalid:1"), DeliveryProblem.Unavailable, "");

    [Theory]
    [InlineData(301, DeliveryProblem.Unavailable)]
    [InlineData(400, DeliveryProblem.Unavailable)]
    [InlineData(401, DeliveryProblem.Unauthenticated)]
    [InlineData(403, DeliveryProblem.Unauthenticated)]
    [InlineData(404, DeliveryProblem.Unavailable)]
    [InlineData(429, DeliveryProblem.Unavailable)]
    [InlineData(500, DeliveryProblem.Unavailable)]
    [InlineData(502, DeliveryProblem.Unavailable)]
    [InlineData(503, DeliveryProblem.Unavailable)]
    [InlineData(504, DeliveryProblem.Unavailable)]
    internal Task Send_HttpStatus_IsNoCollectorsWord(int status, DeliveryProblem problem) => AssertAnswerAsync(
        context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        },
        problem,
        $"HTTP {status}");

    [Fact]
    public Task Send_WebPage_IsAskedAboutItsPort() => AssertAnswerAsync(
        context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>", Cancelled);
        },
        DeliveryProblem.Unavailable,
        "is this the gRPC port?");

    [Fact]
    public Task Send_NoStatus_IsUnavailable() => AssertAnswerAsync(context => AnswerAsync(context, Good), DeliveryProblem.Unavailable, "");

    [Fact]
    public Task Send_StatusThatNobodyKnows_IsNoSuccess() => AssertAnswerAsync(context => AnswerAsync(context, [], "99"), null, "");

    [Fact]
    public Task Send_OkWithoutAMessage_IsNoSuccess() => AssertAnswerAsync(context => AnswerAsync(context, [], "0"), null, "");

    [Fact]
    public Task Send_TwoMessages_IsNoSuccess() => AssertAnswerAsync(context => AnswerAsync(context, [.. Good, .. Good], "0"), null, "");

    [Fact]
    public Task Send_HalfAMessage_IsNoSuccess() => AssertAnswerAsync(context => AnswerAsync(context, Good[..^1], "0"), null, "");

    [Fact]
    public Task Send_MessageThenAnError_IsThatError() => AssertAnswerAsync(context => AnswerAsync(context, Good, "9"), DeliveryProblem.Refused, "");

    [Fact]
    public Task Send_AnswerOverTheLimit_IsNoSuccess() =>
        AssertAnswerAsync(context => AnswerAsync(context, Frame(new byte[(4 * 1024 * 1024) + 1]), "0"), DeliveryProblem.Unavailable, "exceeds");

    [Theory]
    [InlineData(0x2)]
    [InlineData(0x7)]
    [InlineData(0x8)]
    [InlineData(0xb)]
    public Task Send_StreamReset_IsUnavailable(int error) => AssertAnswerAsync(
        async context =>
        {
            // Once the response is in progress, so that nothing is repeated unseen.
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Good.AsMemory(0, 3), Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(error);
        },
        DeliveryProblem.Unavailable,
        "");

    [Fact]
    public async Task Send_ServerSpeaksHttp1Only_IsUnavailable()
    {
        await using var server = await ServeAsync(context => context.Response.WriteAsync("web", Cancelled), HttpProtocols.Http1);
        await AssertFailsAsync(new Uri(server.Urls.Single()), DeliveryProblem.Unavailable, "");
    }

    [Fact]
    public async Task Send_CollectorComesBack_IsAnsweredBySameSender()
    {
        var first = await CollectorStub.StartAsync(_ => new ReportEventsResponse());
        var port = first.Address.Port;
        using var sender = new GrpcEventSender(first.Address, null, TimeProvider.System, Timeout.InfiniteTimeSpan);
        await sender.SendAsync(new ReportEventsRequest(), Cancelled);
        await first.DisposeAsync();
        var away = await Assert.ThrowsAsync<DeliveryException>(() => sender.SendAsync(new ReportEventsRequest(), Cancelled));
        Assert.Equal(DeliveryProblem.Unavailable, away.Problem);

        await using var second = await ServeAsync(context => AnswerAsync(context, Good, "0"), HttpProtocols.Http2, port);
        Assert.Single((await sender.SendAsync(new ReportEventsRequest(), Cancelled)).Results);
    }

    [Fact]
    public async Task Send_Stopped_IsACancellationAndNoFailure()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await ServeAsync(
            async context =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
            HttpProtocols.Http2);
        using var sender = new GrpcEventSender(new Uri(server.Urls.Single()), null, TimeProvider.System, Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.SendAsync(new ReportEventsRequest(), stop.Token));
    }

    [Theory]
    [InlineData("sec\u0007ret")]
    [InlineData("secrét")]
    public async Task Send_TokenThatNoHeaderCarries_IsUnauthenticatedAndNotShown(string token)
    {
        await File.WriteAllTextAsync(_folder.File("token"), token, Cancelled);
        using var sender = new GrpcEventSender(new Uri("http://127.0.0.1:1"), _folder.File("token"), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => sender.SendAsync(new ReportEventsRequest(), Cancelled));
        Assert.Equal(DeliveryProblem.Unauthenticated, failure.Problem);
        Assert.DoesNotContain(token, failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext context, byte[] body, string? status = null)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body, Cancelled);
        await context.Response.Body.FlushAsync(Cancelled);
        if (status is not null)
        {
            context.Response.AppendTrailer("grpc-status", status);
        }
    }

    // With no problem named, any will do: what matters is that it is none of success.
    private static async Task AssertAnswerAsync(RequestDelegate answer, DeliveryProblem? problem, string why)
    {
        await using var server = await ServeAsync(answer, HttpProtocols.Http2);
        await AssertFailsAsync(new Uri(server.Urls.Single()), problem, why);
    }

    private static async Task AssertFailsAsync(Uri collector, DeliveryProblem? problem, string why)
    {
        using var sender = new GrpcEventSender(collector, null, TimeProvider.System, Timeout.InfiniteTimeSpan);
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => sender.SendAsync(new ReportEventsRequest(), Cancelled));
        Assert.Equal(problem ?? failure.Problem, failure.Problem);
        Assert.NotEmpty(failure.Message);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer, HttpProtocols protocols, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancelled);
        return app;
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
