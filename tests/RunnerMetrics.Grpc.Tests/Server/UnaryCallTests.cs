using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>Our client and our server, over a real connection.</summary>
public class UnaryCallTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    public async Task Call_Batch_IsAnsweredEventByEvent(int events, bool compress)
    {
        string? requestEncoding = null;
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(handler: (request, context) =>
        {
            requestEncoding = context.RequestHeaders["grpc-encoding"];
            return Collector.AnswerAsync(request, context);
        });
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { CompressRequests = compress });
        V1.ReportEventsResponse response = await channel.ReportAsync(Collector.Batch(events));
        Assert.Equal(Collector.Batch(events).Events.Select(e => e.EventId), response.Results.Select(r => r.EventId));
        Assert.Equal(compress ? "gzip" : null, requestEncoding);
    }

    [Fact]
    public async Task Call_ManyAtOnce_EachHasItsOwnAnswer()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync();
        using GrpcChannel channel = server.Channel();
        V1.ReportEventsResponse[] responses = await Task.WhenAll(Enumerable.Range(1, 200).Select(n => channel.ReportAsync(Collector.Batch(n))));
        Assert.Equal(Enumerable.Range(1, 200), responses.Select(r => r.Results.Count));
    }

    [Fact]
    public async Task Call_HandlerThrowsGrpcException_ClientHasItsStatusAndText()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync();
        using GrpcChannel channel = server.Channel();
        GrpcException error = await channel.FailAsync(Collector.Batch(1, "error"));
        Assert.Equal((GrpcStatusCode.ResourceExhausted, Collector.ForeignText), (error.StatusCode, error.Message));
        Assert.False(error.IsTransportFailure);

        GrpcException detailed = await channel.FailAsync(Collector.Batch(1, "details"));
        Assert.Equal([8, 3, 18, 1, 255], detailed.StatusDetails.ToArray());
    }

    [Fact]
    public async Task Call_HandlerHasABug_ClientLearnsNothingAndTheLogAll()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync();
        using GrpcChannel channel = server.Channel();
        GrpcException error = await channel.FailAsync(Collector.Batch(1, "bug"));
        Assert.Equal((GrpcStatusCode.Unknown, "unexpected error"), (error.StatusCode, error.Message));
        Assert.False(error.IsRetryable);
        Assert.Contains(server.Log.Lines, line => line.StartsWith("Error: ", StringComparison.Ordinal)
            && line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_RequestOverTheLimit_IsRefusedAndTheConnectionLivesOn()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(new GrpcServerOptions { MaxRequestBytes = 100_000 });
        var connections = new ConnectionCounter();
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { Handler = connections.Handler });
        foreach (int events in new[] { 5_000, 50_000 })
        {
            GrpcException error = await channel.FailAsync(Collector.Batch(events));
            Assert.Equal(GrpcStatusCode.ResourceExhausted, error.StatusCode);
            Assert.Contains("the limit is 100000", error.Message, StringComparison.Ordinal);
            Assert.False(error.IsTransportFailure);
        }

        Assert.Single((await channel.ReportAsync(Collector.Batch(1))).Results);
        Assert.Equal(1, connections.Count);
    }

    [Fact]
    public async Task Call_LongerThanKestrelsOwnLimit_IsTaken()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(
            new GrpcServerOptions { MaxRequestBytes = 64 << 20 }, (_, _) => ValueTask.FromResult(new V1.ReportEventsResponse()));
        using GrpcChannel channel = server.Channel();
        Assert.Empty((await channel.ReportAsync(new V1.ReportEventsRequest { SenderId = new string('x', 40_000_000) })).Results);
    }

    [Fact]
    public async Task Call_Authorize_RefusesBeforeTheBodyIsRead()
    {
        int handled = 0;
        var options = new GrpcServerOptions
        {
            MaxRequestBytes = 1,
            Authorize = call => call.BearerToken == "right" ? null : new GrpcStatus(GrpcStatusCode.Unauthenticated, "wrong token"),
        };
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(options, (_, _) =>
        {
            handled++;
            return ValueTask.FromResult(new V1.ReportEventsResponse());
        });
        string? token = null;
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { BearerToken = () => token });
        foreach (string? wrong in new[] { null, "wrong", "" })
        {
            token = wrong;
            // A body over the limit would have been RESOURCE_EXHAUSTED, had it been looked at.
            GrpcException error = await channel.FailAsync(Collector.Batch(1));
            Assert.Equal((GrpcStatusCode.Unauthenticated, "wrong token"), (error.StatusCode, error.Message));
        }

        token = "right";
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await channel.FailAsync(Collector.Batch(1))).StatusCode);
        await channel.ReportAsync(new V1.ReportEventsRequest());
        Assert.Equal(1, handled);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("right", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_AuthorizeThrows_IsAnError()
    {
        var options = new GrpcServerOptions { Authorize = _ => throw new InvalidOperationException("secret") };
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(options);
        using GrpcChannel channel = server.Channel();
        Assert.Equal((GrpcStatusCode.Unknown, "unexpected error"), await StatusAsync(channel.FailAsync(Collector.Batch(1))));
    }

    [Fact]
    public async Task Call_Metadata_ReachesTheHandler()
    {
        string? heard = null;
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(handler: (_, context) =>
        {
            heard = context.RequestHeaders["x-fleet"];
            return ValueTask.FromResult(new V1.ReportEventsResponse());
        });
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { Metadata = new Dictionary<string, string> { ["x-fleet"] = "north" } });
        await channel.ReportAsync(Collector.Batch(1));
        Assert.Equal("north", heard);
    }

    [Fact]
    public async Task Call_UnknownMethodOrService_IsUnimplemented()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync();
        using GrpcChannel channel = server.Channel();
        foreach ((string service, string name) in new[] { (Collector.ServiceName, "Forget"), ("other.Service", "ReportEvents") })
        {
            var method = new GrpcMethod<V1.ReportEventsRequest, V1.ReportEventsResponse>(
                service, name, V1.ReportEventsRequest.Parser, V1.ReportEventsResponse.Parser);
            GrpcException error = await Assert.ThrowsAsync<GrpcException>(
                () => channel.CallAsync(method, Collector.Batch(1), Collector.Patience, TestContext.Current.CancellationToken));
            Assert.Equal(GrpcStatusCode.Unimplemented, error.StatusCode);
            Assert.False(error.IsTransportFailure);
        }
    }

    [Fact]
    public async Task Health_ServerServiceAndStranger_AreTold()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync();
        using GrpcChannel channel = server.Channel();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(GrpcHealthStatus.Serving, await channel.CheckHealthAsync(cancellationToken: cancellation));
        Assert.Equal(GrpcHealthStatus.NotServing, await channel.CheckHealthAsync(Collector.ServiceName, Collector.Patience, cancellation));
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => channel.CheckHealthAsync("other", Collector.Patience, cancellation));
        Assert.Equal(GrpcStatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public void ChannelOptions_TokenInMetadata_IsRefusedWithoutShowingIt()
    {
        var options = new GrpcChannelOptions { Metadata = new Dictionary<string, string> { ["x-key"] = "secret\r\nx: y" } };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new GrpcChannel(new Uri("http://localhost:1"), options));
        Assert.Contains("x-key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task<(GrpcStatusCode Code, string Message)> StatusAsync(Task<GrpcException> failing)
    {
        GrpcException error = await failing;
        return (error.StatusCode, error.Message);
    }
}
