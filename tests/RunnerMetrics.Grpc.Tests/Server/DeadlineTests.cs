using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

public class DeadlineTests
{
    [Fact]
    public async Task Server_DeadlinePassesInTheHandler_TokenFiresAndDeadlineExceededIsAnswered()
    {
        var clock = new ManualTimeProvider();
        var started = new TaskCompletionSource<GrpcCallContext>();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(
            new GrpcServerOptions { TimeProvider = clock }, async (_, context) =>
            {
                started.SetResult(context);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new V1.ReportEventsResponse();
            });
        // The client's clock stands still: what it hears is the server's word.
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { TimeProvider = new ManualTimeProvider() });
        Task<GrpcException> failing = channel.FailAsync(Collector.Batch(1), TimeSpan.FromSeconds(5));
        GrpcCallContext context = await started.Task.WaitAsync(Collector.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(clock.GetUtcNow().AddSeconds(5), context.Deadline);

        clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(context.CancellationToken.IsCancellationRequested);
        clock.Advance(TimeSpan.FromTicks(1));
        GrpcException error = await failing;
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.StatusCode);
        Assert.False(error.IsTransportFailure);
        Assert.True(error.IsRetryable);
    }

    [Fact]
    public async Task Server_HandlerIgnoresItsDeadline_AnswerIsDeadlineExceededAllTheSame()
    {
        var clock = new ManualTimeProvider();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(
            new GrpcServerOptions { TimeProvider = clock }, (_, _) =>
            {
                clock.Advance(TimeSpan.FromSeconds(6));
                return ValueTask.FromResult(new V1.ReportEventsResponse());
            });
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { TimeProvider = new ManualTimeProvider() });
        GrpcException error = await channel.FailAsync(Collector.Batch(1), TimeSpan.FromSeconds(5));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.StatusCode);
        Assert.False(error.IsTransportFailure);
    }

    [Fact]
    public async Task Server_HandlerIsCancelledByItsOwn_IsNoDeadline()
    {
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(handler: (_, _) => throw new OperationCanceledException());
        using GrpcChannel channel = server.Channel();
        Assert.Equal(GrpcStatusCode.Unknown, (await channel.FailAsync(Collector.Batch(1))).StatusCode);
    }

    [Fact]
    public async Task Client_DeadlinePassesLocally_GivesUpAndResetsTheCall()
    {
        var clock = new ManualTimeProvider();
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(
            new GrpcServerOptions { TimeProvider = new ManualTimeProvider() }, async (_, context) =>
            {
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                started.SetResult();
                await cancelled.Task;
                context.CancellationToken.ThrowIfCancellationRequested();
                return new V1.ReportEventsResponse();
            });
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions { TimeProvider = clock });
        Task<GrpcException> failing = channel.FailAsync(Collector.Batch(1), TimeSpan.FromSeconds(5));
        await started.Task.WaitAsync(Collector.Patience, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(5));
        GrpcException error = await failing;
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.StatusCode);
        Assert.True(error.IsTransportFailure);
        await cancelled.Task.WaitAsync(Collector.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Client_DeadlineOfZero_CallsNobody()
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:1"));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await channel.FailAsync(Collector.Batch(1), TimeSpan.Zero)).StatusCode);
    }

    [Fact]
    public async Task Client_CallerCancels_IsACancellationAndNoStatus()
    {
        var started = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(handler: async (_, context) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new V1.ReportEventsResponse();
        });
        using GrpcChannel channel = server.Channel();
        using var cancellation = new CancellationTokenSource();
        Task<V1.ReportEventsResponse> call = channel.CallAsync(Collector.ReportEvents, Collector.Batch(1), null, cancellation.Token);
        await started.Task.WaitAsync(Collector.Patience, TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }
}
