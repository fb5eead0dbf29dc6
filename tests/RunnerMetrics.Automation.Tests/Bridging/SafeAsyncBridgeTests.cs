using System.Runtime.CompilerServices;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Testing;

#pragma warning disable xUnit1051 // what a call does with the token that it is given, or with none, is what is tested

namespace RunnerMetrics.Automation.Tests.Bridging;

public sealed class SafeAsyncBridgeTests : IDisposable
{
    private static readonly TimeSpan Long = Patience.Limit;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly AsyncLocal<string> Flowing = new();

    private readonly ServedMeters _meters = new();
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _meters.Dispose();

    // Ends on a thread that is none of the bridge's, and of nobody who calls it.
    private static Task ElsewhereAsync(CancellationToken token) => Task.Run(static () => { }, token);

    private double? this[string name] => _meters["safe_async_bridge_" + name];

    [Fact]
    public void Run_AsynchronousCode_GivesItsResultFromALoopOfTheBridge()
    {
        using var bridge = new SafeAsyncBridge(_meters);
        var caller = Environment.CurrentManagedThreadId;
        var (first, second) = bridge.Run(async token =>
        {
            var thread = Thread.CurrentThread.Name;
            await ElsewhereAsync(token);
            Assert.NotEqual(caller, Environment.CurrentManagedThreadId);
            return (thread, Thread.CurrentThread.Name);
        });

        Assert.Equal(first, second);
        Assert.StartsWith("async bridge ", first, StringComparison.Ordinal);
        Assert.Equal((1, 0, 0, 0, 2), (this["calls_total"], this["errors_total"], this["timeouts_total"], this["pending_tasks"], this["active_loops"]));
        Assert.Equal(1, this["execution_duration_seconds_count"]);
    }

    [Fact]
    public void Run_CodeThatThrows_GivesTheVeryExceptionAndItsStack()
    {
        using var bridge = new SafeAsyncBridge(_meters);
        var problem = new InvalidOperationException("no");

        var thrown = Assert.Throws<InvalidOperationException>(() => bridge.Run(async token =>
        {
            await ElsewhereAsync(token);
            await ThrowDeepInside(problem);
        }));
        Assert.Same(problem, thrown);
        Assert.Contains(nameof(ThrowDeepInside), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => bridge.Run(_ => ThrowDeepInside(problem)));
        Assert.Equal((2, 2, 0, 0), (this["calls_total"], this["errors_total"], this["timeouts_total"], this["pending_tasks"]));
    }

    [Fact]
    public async Task Run_OutOfTime_LetsTheCallerGoAndTellsTheWork()
    {
        using var bridge = new SafeAsyncBridge(_meters, time: _clock);
        await RunOutOfTimeAsync(bridge, token => Task.Delay(Timeout.Infinite, token));

        await Wait.UntilAsync(() => this["pending_tasks"] == 0, "the work has ended");
        Assert.Equal((1, 0, 1), (this["calls_total"], this["errors_total"], this["timeouts_total"]));
    }

    [Fact]
    public async Task Run_WorkThatHearsNothing_KeepsItsPlaceUntilItEnds()
    {
        using var bridge = new SafeAsyncBridge(_meters, new SafeAsyncBridgeOptions { MaxConcurrency = 1 }, _clock);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await RunOutOfTimeAsync(bridge, _ => hold.Task);
        Assert.Equal(1, this["pending_tasks"]);
        await RunOutOfTimeAsync(bridge, _ => Task.CompletedTask, forWantOfAPlace: true);

        hold.SetResult();
        bridge.Run(_ => Task.CompletedTask, Long);
        await Wait.UntilAsync(() => this["pending_tasks"] == 0, "the work has ended");
        Assert.Equal((3, 2, 2), (this["calls_total"], this["timeouts_total"], this["execution_duration_seconds_count"]));
    }

    [Fact]
    public async Task Run_CallerGivesUp_IsCancelledByItsOwnToken()
    {
        using var bridge = new SafeAsyncBridge(_meters);
        using var caller = new CancellationTokenSource();
        var cancelled = Assert.ThrowsAny<OperationCanceledException>(() => bridge.Run(
            async token =>
            {
                await caller.CancelAsync();
                await Task.Delay(Long, token);
            },
            cancellation: caller.Token));

        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => bridge.Run(_ => Task.CompletedTask, cancellation: caller.Token));
        await Wait.UntilAsync(() => this["pending_tasks"] == 0, "the work has ended");
        Assert.Equal((1, 0, 0), (this["calls_total"], this["errors_total"], this["timeouts_total"]));
    }

    [Fact]
    public void Run_FromWithinItsOwnWork_DoesNotDeadlock()
    {
        using var bridge = new SafeAsyncBridge(_meters, new SafeAsyncBridgeOptions { Loops = 1, MaxConcurrency = 1 });
        var depth = bridge.Run(async token =>
        {
            await Task.Yield();
            return 1 + bridge.Run(
                async inner =>
                {
                    await ElsewhereAsync(inner);
                    return 1 + bridge.Run(_ => Task.FromResult(1), cancellation: inner);
                },
                cancellation: token);
        }, Long);

        Assert.Equal(3, depth);
    }

    [Fact]
    public async Task Run_WhatFlowsFromCallToCall_FlowsOver()
    {
        using var bridge = new SafeAsyncBridge(_meters);
        Flowing.Value = "here";
        Assert.Equal("here", bridge.Run(async token =>
        {
            await ElsewhereAsync(token);
            return Flowing.Value;
        }));
        await Task.Run(
            () =>
            {
                Flowing.Value = "there";
                Assert.Equal("there", bridge.Run(_ => Task.FromResult(Flowing.Value)));
            },
            Cancelled);
    }

    [Fact]
    public async Task Dispose_WhileCallsRun_CancelsThemAndEndsItsLoops()
    {
        var bridge = new SafeAsyncBridge(_meters);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Task.Factory.StartNew(
            () => bridge.Run(token =>
            {
                began.SetResult();
                return Task.Delay(Timeout.Infinite, token);
            }),
            Cancelled,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await began.Task.WaitAsync(Long, Cancelled);
        bridge.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Long, Cancelled));
        Assert.Throws<ObjectDisposedException>(() => bridge.Run(_ => Task.CompletedTask));
        await Wait.UntilAsync(() => this["active_loops"] == 0 && this["pending_tasks"] == 0, "nothing of the bridge is left");
    }

    [Fact]
    public async Task DisposeAsync_WorkThatTakesItsTimeToEnd_IsWaitedFor()
    {
        var bridge = new SafeAsyncBridge(_meters, time: _clock);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await RunOutOfTimeAsync(bridge, _ => hold.Task);
        var disposal = bridge.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        hold.SetResult();

        await disposal.WaitAsync(Long, Cancelled);
        await bridge.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, -5)]
    public void SafeAsyncBridge_NoLoopPlaceOrTime_IsRefused(int loops, int places, int milliseconds) => Assert.Throws<ArgumentOutOfRangeException>(() =>
        new SafeAsyncBridge(_meters, new SafeAsyncBridgeOptions { Loops = loops, MaxConcurrency = places, Timeout = TimeSpan.FromMilliseconds(milliseconds) }));

    /// <summary>Every caller sits on a single-threaded synchronisation context that nobody serves while it waits: any continuation sent there would never run.</summary>
    [Fact]
    public async Task Run_TenThousandCallsFromSixtyFourSingleThreadedContexts_CountsAddUpAndNothingHangs()
    {
        const int Callers = 64;
        const int Calls = 10_000;
        using var bridge = new SafeAsyncBridge(_meters, new SafeAsyncBridgeOptions { Loops = 4, MaxConcurrency = 32, Timeout = Long });
        var next = 0;
        var ends = new int[4];
        var contexts = Enumerable.Range(0, Callers).Select(_ => new StandingContext()).ToArray();
        var threads = contexts.Select(context => Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(context);
                for (var i = Interlocked.Increment(ref next); i <= Calls; i = Interlocked.Increment(ref next))
                {
                    Interlocked.Increment(ref ends[Call(bridge, i)]);
                }
            },
            Cancelled,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(threads).WaitAsync(Long, Cancelled);
        await Wait.UntilAsync(() => this["pending_tasks"] == 0, "all work has ended");

        Assert.All(contexts, context => Assert.Equal(0, context.Posted));
        Assert.Equal([7_000, 1_000, 1_000, 1_000], ends);
        Assert.Equal((Calls, 1_000, 1_000), (this["calls_total"], this["errors_total"], this["timeouts_total"]));
        Assert.InRange(this["execution_duration_seconds_count"]!.Value, 8_000, Calls);
    }

    // The clock runs once the work has begun, or, where it never does, until the caller is let go.
    private async Task RunOutOfTimeAsync(SafeAsyncBridge bridge, Func<CancellationToken, Task> work, bool forWantOfAPlace = false)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Task.Factory.StartNew(
            () => bridge.Run(
                token =>
                {
                    began.SetResult();
                    return work(token);
                },
                Short),
            Cancelled,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await (forWantOfAPlace ? Task.CompletedTask : began.Task.WaitAsync(Long, Cancelled));
        await Wait.UntilAsync(
            () =>
            {
                _clock.Advance(Short);
                return call.IsCompleted;
            },
            "the caller is let go");
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(!forWantOfAPlace, began.Task.IsCompleted);
    }

    // 0: a result, 1: an exception, 2: out of time, 3: given up. One call in ten each, but for the first.
    private static int Call(SafeAsyncBridge bridge, int number)
    {
        try
        {
            switch (number % 10)
            {
                case 0:
                    bridge.Run(async token =>
                    {
                        await Task.Yield();
                        throw new InvalidDataException("no");
                    });
                    return -1;
                case 1:
                    bridge.Run(token => Task.Delay(Timeout.Infinite, token), TimeSpan.FromMilliseconds(1 + (number % 7)));
                    return -1;
                case 2:
                    using (var caller = new CancellationTokenSource())
                    {
                        bridge.Run(
                            async token =>
                            {
                                await caller.CancelAsync();
                                await Task.Delay(Timeout.Infinite, token);
                            },
                            cancellation: caller.Token);
                    }

                    return -1;
                default:
                    return bridge.Run(async token =>
                    {
                        await Task.Yield();
                        return number;
                    }) == number ? 0 : -1;
            }
        }
        catch (InvalidDataException)
        {
            return 1;
        }
        catch (TimeoutException)
        {
            return 2;
        }
        catch (OperationCanceledException)
        {
            return 3;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task ThrowDeepInside(Exception problem) => throw problem;

    private sealed class StandingContext : SynchronizationContext
    {
        private int _posted;

        public int Posted => Volatile.Read(ref _posted);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posted);

        public override void Send(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posted);
    }
}
