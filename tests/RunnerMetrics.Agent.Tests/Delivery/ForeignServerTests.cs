using Google.Protobuf;
using Grpc.Core;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>The agent's client calls servers that nobody here wrote.</summary>
public class ForeignServerTests
{
    /// <summary>Text beyond ASCII, a percent sign and a line end: all that percent-encoding is for.</summary>
    private const string Text = "Datenträger voll: 100 %\n日本語 🚀";

    private static readonly Marshaller<ReportEventsRequest> Requests =
        Marshallers.Create<ReportEventsRequest>(request => request.ToByteArray(), ReportEventsRequest.Parser.ParseFrom);

    private static readonly Method<ReportEventsRequest, ReportEventsRequest> Echo =
        new(MethodType.Unary, JobEventCollector.Descriptor.FullName, "Echo", Requests, Requests);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GrpcJs_CallsOfEveryKind_EndAsTheyShould()
    {
        await using var server = await ForeignProgram.StartAsync("grpcjs_server.js", ForeignProgram.Contract);
        var address = await AddressAsync(server);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("token"), "right\n", Cancelled);
        using var sender = new GrpcEventSender(address, folder.File("token"), TimeProvider.System, Timeout.InfiniteTimeSpan);

        Assert.Single((await sender.SendAsync(Batch(1), Cancelled)).Results);
        Assert.Equal(1000, (await sender.SendAsync(Batch(1000), Cancelled)).Results.Count);
        var heard = await sender.SendAsync(Batch(0, "headers"), Cancelled);
        Assert.Equal("Bearer right", heard.Results.Single(header => header.EventId == "authorization").Reason);

        Assert.Equal((DeliveryProblem.Unavailable, Text), await FailAsync(sender, "error"));
        Assert.Equal((DeliveryProblem.Unavailable, Text), await FailAsync(sender, "error after headers"));
        Assert.Equal((DeliveryProblem.Refused, "see the details"), await FailAsync(sender, "details"));
        Assert.Single((await sender.SendAsync(Batch(1), Cancelled)).Results);
    }

    [Fact]
    public async Task GrpcJs_NeverAnswers_IsGivenUp()
    {
        await using var server = await ForeignProgram.StartAsync("grpcjs_server.js", ForeignProgram.Contract);
        using var sender = new GrpcEventSender(await AddressAsync(server), null, TimeProvider.System, TimeSpan.FromMilliseconds(200));
        var (problem, why) = await FailAsync(sender, "never");
        Assert.Equal(DeliveryProblem.Unavailable, problem);
        Assert.Contains("gave no answer within", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrpcJs_KilledDuringACall_IsUnavailable()
    {
        await using var server = await ForeignProgram.StartAsync("grpcjs_server.js", ForeignProgram.Contract);
        using var sender = new GrpcEventSender(await AddressAsync(server), null, TimeProvider.System, Timeout.InfiniteTimeSpan);
        await sender.SendAsync(Batch(1), Cancelled);
        var failing = FailAsync(sender, "never");
        await server.KillAsync();
        Assert.Equal(DeliveryProblem.Unavailable, (await failing).Problem);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpcio_EchoAndError_ComeBackWhole(bool isCompressed)
    {
        await using var server = await ForeignProgram.StartAsync("grpcio_server.py");
        using var channel = CollectorChannel.Open(await AddressAsync(server));
        var calls = channel.CreateCallInvoker();
        var headers = isCompressed ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : [];
        foreach (var events in new[] { 1, 1000, 20_000 })
        {
            Assert.Equal(Batch(events), await calls.AsyncUnaryCall(Echo, null, new CallOptions(headers, cancellationToken: Cancelled), Batch(events)));
        }

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await calls.AsyncUnaryCall(Echo, null, new CallOptions(cancellationToken: Cancelled), new ReportEventsRequest()));
        Assert.Equal((StatusCode.ResourceExhausted, Text), (refusal.StatusCode, CallFailure.ReasonOf(refusal)));
    }

    private static ReportEventsRequest Batch(int events, string sender = "") => new()
    {
        SenderId = sender,
        Events = { Enumerable.Range(1, events).Select(i => new Event { EventId = $"event-{i}", Sequence = (ulong)i, Runner = new Runner { Name = "runner-ä" } }) },
    };

    private static async Task<(DeliveryProblem Problem, string Why)> FailAsync(GrpcEventSender sender, string how)
    {
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => sender.SendAsync(Batch(1, how), Cancelled));
        return (failure.Problem, failure.Message);
    }

    private static async Task<Uri> AddressAsync(RunningProgram server) => new($"http://127.0.0.1:{await server.WaitForLineAsync("^[0-9]+$")}");
}
