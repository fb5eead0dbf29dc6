using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>Our client calls servers of other makes.</summary>
public class ForeignServerTests
{
    private static readonly string Proto = Path.Combine(ForeignProgram.Root, "src", "RunnerMetrics.Contracts", "Protos", "job_events.proto");

    [Fact]
    public async Task GrpcJs_CallsOfEveryKind_EndAsTheyShould()
    {
        await using ForeignProgram server = ForeignProgram.Start("grpcjs_server.js", Proto);
        Uri address = await AddressAsync(server);
        using var channel = new GrpcChannel(address, new GrpcChannelOptions { BearerToken = () => "right" });
        using var compressing = new GrpcChannel(address, new GrpcChannelOptions { CompressRequests = true });

        Assert.Single((await channel.ReportAsync(Collector.Batch(1))).Results);
        Assert.Equal(1000, (await channel.ReportAsync(Collector.Batch(1000))).Results.Count);
        Assert.Equal(1000, (await compressing.ReportAsync(Collector.Batch(1000))).Results.Count);

        V1.ReportEventsResponse heard = await channel.ReportAsync(Collector.Batch(0, "headers"));
        Assert.Equal("Bearer right", heard.Results.Single(header => header.EventId == "authorization").Reason);

        GrpcException error = await channel.FailAsync(Collector.Batch(1, "error"));
        Assert.Equal((GrpcStatusCode.ResourceExhausted, Collector.ForeignText), (error.StatusCode, error.Message));
        GrpcException later = await channel.FailAsync(Collector.Batch(1, "error after headers"));
        Assert.Equal((GrpcStatusCode.Aborted, Collector.ForeignText), (later.StatusCode, later.Message));
        GrpcException detailed = await channel.FailAsync(Collector.Batch(1, "details"));
        Assert.Equal(GrpcStatusCode.InvalidArgument, detailed.StatusCode);
        Assert.Equal([8, 3, 18, 1, 255], detailed.StatusDetails.ToArray());

        GrpcException late = await channel.FailAsync(Collector.Batch(1, "never"), TimeSpan.FromMilliseconds(200));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, late.StatusCode);
        GrpcException unknown = await Assert.ThrowsAsync<GrpcException>(
            () => channel.CheckHealthAsync("", Collector.Patience, TestContext.Current.CancellationToken));
        Assert.Equal(GrpcStatusCode.Unimplemented, unknown.StatusCode);

        Assert.Single((await channel.ReportAsync(Collector.Batch(1))).Results);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpcio_EchoAndError_ComeBackWhole(bool compress)
    {
        await using ForeignProgram server = ForeignProgram.Start("grpcio_server.py");
        using var channel = new GrpcChannel(await AddressAsync(server), new GrpcChannelOptions { CompressRequests = compress });
        var echo = new GrpcMethod<V1.ReportEventsRequest, V1.ReportEventsRequest>(
            Collector.ServiceName, "Echo", V1.ReportEventsRequest.Parser, V1.ReportEventsRequest.Parser);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        foreach (int events in new[] { 1, 1000, 20_000 })
        {
            Assert.Equal(Collector.Batch(events), await channel.CallAsync(echo, Collector.Batch(events), Collector.Patience, cancellation));
        }

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(
            () => channel.CallAsync(echo, new V1.ReportEventsRequest(), Collector.Patience, cancellation));
        Assert.Equal((GrpcStatusCode.ResourceExhausted, Collector.ForeignText), (error.StatusCode, error.Message));
    }

    [Fact]
    public async Task GrpcJs_ServerIsKilledDuringACall_IsRetryable()
    {
        await using ForeignProgram server = ForeignProgram.Start("grpcjs_server.js", Proto);
        using var channel = new GrpcChannel(await AddressAsync(server));
        await channel.ReportAsync(Collector.Batch(1));
        Task<GrpcException> failing = channel.FailAsync(Collector.Batch(1, "never"));
        await server.KillAsync();
        GrpcException error = await failing;
        Assert.True(error.IsRetryable, error.ToString());
    }

    private static async Task<Uri> AddressAsync(ForeignProgram server) => new($"http://127.0.0.1:{await server.ReadLineAsync()}");
}
