using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Delivery;

public sealed class GrpcDeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryLogger _log = new();

    public GrpcDeliveryTests()
    {
        Directory.CreateDirectory(_folder.File("_diag"));
        File.WriteAllText(_folder.File($"_diag/{LogFolder.ListenerPage}"), SmallLog.Listener());
        File.WriteAllText(_folder.File($"_diag/{LogFolder.WorkerPage}"), SmallLog.Worker());
        File.WriteAllText(Token, "right\n");
    }

    private string Token => _folder.File("token");

    [Fact]
    public async Task Once_CollectorThere_DeliversEverything()
    {
        await using var collector = await LoopbackCollector.StartAsync("right");
        Assert.Equal(0, await OnceAsync(collector.Address));
        Assert.Equal([SmallLog.Job, SmallLog.Job], collector.Events.Select(sent => (sent.JobStarted?.Job ?? sent.JobCompleted.Job).JobId));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    public async Task Once_CollectorFailsThreeTimes_DeliversAfterwards(StatusCode code)
    {
        await using var collector = await LoopbackCollector.StartAsync("right", call => call <= 3 ? new RpcException(new Status(code, "not now")) : null);
        Assert.Equal(0, await OnceAsync(collector.Address));
        Assert.Equal(2, collector.Events.Count);
        Assert.Contains(_log.Lines, line => line.Contains("not now", StringComparison.Ordinal));
    }

    // A handler's own exception becomes UNKNOWN.
    [Fact]
    public async Task Once_CollectorHasABug_KeepsTheEvents()
    {
        await using var collector = await LoopbackCollector.StartAsync("right", _ => new InvalidOperationException("bug"));
        Assert.Equal(1, await OnceAsync(collector.Address, TimeSpan.FromMilliseconds(500)));
        await using var mended = await LoopbackCollector.StartAsync("right");
        Assert.Equal(0, await OnceAsync(mended.Address));
        Assert.Equal(2, mended.Events.Count);
    }

    [Fact]
    public async Task Once_WrongToken_KeepsTheEventsAndSaysWhatToDo()
    {
        await using var collector = await LoopbackCollector.StartAsync("right");
        File.WriteAllText(Token, "wrong-secret");
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var running = OnceAsync(collector.Address, TimeSpan.FromHours(1), clock);
        await Wait.UntilAsync(
            async () =>
            {
                await clock.AdvanceAsync(TimeSpan.FromMilliseconds(100), () => running.IsCompleted);
                return _log.Lines.Any(line => line.Contains("who are you?", StringComparison.Ordinal) && line.Contains("--token-file", StringComparison.Ordinal));
            },
            "the agent says what to do");
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return running.IsCompleted;
            },
            "the agent gives up");
        Assert.Equal(1, await running);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
        File.WriteAllText(Token, "right");
        Assert.Equal(0, await OnceAsync(collector.Address));
        Assert.Equal(2, collector.Events.Count);
    }

    [Fact]
    public async Task Once_TokenRotatedMeanwhile_UsesTheNewOne()
    {
        File.Delete(Token);
        await using var collector = await LoopbackCollector.StartAsync("right");
        var running = OnceAsync(collector.Address);
        while (!_log.Lines.Any(line => line.Contains("cannot be read", StringComparison.Ordinal)))
        {
            Assert.False(running.IsCompleted, "It ended before it said that the token is missing.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(_folder.File("new"), "right", TestContext.Current.CancellationToken);
        File.Move(_folder.File("new"), Token);
        Assert.Equal(0, await running);
        Assert.Equal(2, collector.Events.Count);
    }

    [Fact]
    public async Task Once_NobodyListens_EndsWith1AndLosesNothing()
    {
        Uri address;
        await using (var gone = await LoopbackCollector.StartAsync("right"))
        {
            address = gone.Address;
        }

        Assert.Equal(1, await OnceAsync(address, TimeSpan.FromMilliseconds(500)));
        Assert.Contains(_log.Lines, line => line.StartsWith($"Error The collector {address} did not accept all events", StringComparison.Ordinal));
        await using var collector = await LoopbackCollector.StartAsync("right");
        Assert.Equal(0, await OnceAsync(collector.Address));
        Assert.Equal(2, collector.Events.Count);
    }

    public void Dispose() => _folder.Dispose();

    private Task<int> OnceAsync(Uri collector, TimeSpan? patience = null, TimeProvider? time = null)
    {
        var options = new AgentOptions
        {
            Diag = _folder.File("_diag"),
            Spool = _folder.File("spool"),
            RunnerName = Scenario.RunnerName,
            RunnerType = "standard",
            Collector = collector,
            TokenFile = Token,
            Once = true,
        };
        var delivery = new DeliveryOptions
        {
            FirstRetry = TimeSpan.FromMilliseconds(10),
            SlowRetry = TimeSpan.FromMilliseconds(20),
            GiveUpOnce = patience ?? Timeout.InfiniteTimeSpan,
        };
        return AgentRun.StartAsync(
            options, _log, time ?? TimeProvider.System,
            services => services.AddSingleton<IEventSender>(_ => new GrpcEventSender(collector, Token, TimeProvider.System, Timeout.InfiniteTimeSpan)).AddSingleton(delivery),
            TestContext.Current.CancellationToken);
    }
}
