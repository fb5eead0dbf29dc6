using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Bridging;

/// <summary>
/// Runs asynchronous code for synchronous callers, on threads of its own: a caller may hold any synchronisation context, or the last thread of the
/// pool, and does not block what it waits for. All members are thread-safe; several bridges of one meter factory share its series.
/// </summary>
/// <remarks>
/// A caller gets the result of its work, or the original exception with its stack. The call returns at once when its time is
/// over or it is cancelled; its work is cancelled by its token, and keeps its slot until it has ended.
/// A call from within the work of another (asynchronous code that calls synchronous code that calls the bridge) gets its own loop and needs no slot.
/// The loop that makes such a call is blocked until it is answered.
/// </remarks>
public sealed class SafeAsyncBridge : IDisposable, IAsyncDisposable
{
    private readonly BridgeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly SemaphoreSlim _places;
    private readonly BridgeLoop[] _loops;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls = 1; // 1 stands for the bridge itself, until it is disposed of
    private int _isDisposed;
    private int _loopsMade;

    /// <summary>Starts a bridge.</summary>
    /// <param name="meters">Makes its instruments; whoever shows them listens already (<see cref="Serving.MetricsServer.Meters"/>).</param>
    /// <param name="options">How it runs.</param>
    /// <param name="time">Measures time; the system's clock if none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">It would have no loop, no slot or no time.</exception>
    public SafeAsyncBridge(IMeterFactory meters, SafeAsyncBridgeOptions? options = null, TimeProvider? time = null)
    {
        var chosen = options ?? new SafeAsyncBridgeOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen.Loops, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen.MaxConcurrency, 1, nameof(options));
        Check(chosen.Timeout);
        _metrics = new BridgeMetrics(AutomationMeter.Of(meters));
        _time = time ?? TimeProvider.System;
        _timeout = chosen.Timeout;
        _places = new SemaphoreSlim(chosen.MaxConcurrency);
        _loops = [.. Enumerable.Range(0, chosen.Loops).Select(_ => MakeLoop())];
    }

    /// <summary>Runs asynchronous code, and waits for its end.</summary>
    /// <inheritdoc cref="Run{T}"/>
    public void Run(Func<CancellationToken, Task> work, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        Run<object?>(
            async token =>
            {
                await work(token);
                return null;
            },
            timeout,
            cancellation);

    /// <summary>Runs asynchronous code, and waits for its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="work">The code; its token is cancelled when the caller no longer waits.</param>
    /// <param name="timeout">How long it may take, including the wait for a slot; the bridge's own time-out if none is given.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up, or the bridge was disposed of meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The bridge was disposed of before.</exception>
    public T Run<T>(Func<CancellationToken, Task<T>> work, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var limit = timeout ?? _timeout;
        Check(limit);
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        cancellation.ThrowIfCancellationRequested();
        using var call = new BridgeCall<T>(work, new CancellationTokenSource(limit, _time));
        Interlocked.Increment(ref _calls);
        _metrics.Calls.Add(1);
        _metrics.Pending.Add(1);
        using var given = cancellation.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), call.End);
        using var stopped = _stopping.Token.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), call.End);
        var isNested = SynchronizationContext.Current is BridgeLoop;
        try
        {
            if (!isNested)
            {
#pragma warning disable RS0030 // The bridge is called where awaiting is not possible: blocking is its purpose.
                _places.Wait(call.Token);
#pragma warning restore RS0030
            }
        }
        catch (Exception e)
        {
            EndCall(ran: null);
            call.Dispose(); // on behalf of the work, which never was
            if (e is OperationCanceledException)
            {
                throw GiveUp(limit, cancellation);
            }

            throw;
        }

        Start(call, isNested);
        try
        {
#pragma warning disable RS0030 // As above.
            call.Ended.Wait(call.Token);
#pragma warning restore RS0030
        }
        catch (OperationCanceledException) when (!call.Ended.IsSet)
        {
            throw GiveUp(limit, cancellation);
        }
        catch (OperationCanceledException)
        {
            // It ended at the same moment: that counts.
        }

        return Answer(call, limit, cancellation);
    }

    /// <summary>Accepts no more calls, and cancels running ones; loops end with their work. It does not wait for that.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _stopping.Cancel();
        Array.ForEach(_loops, loop => loop.EndWork());
        EndOne();
    }

    /// <summary>Accepts no more calls, cancels running ones, and waits until their work has ended.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return new ValueTask(_ended.Task);
    }

    private void EndCall(TimeSpan? ran)
    {
        _metrics.WorkEnded(ran);
        EndOne();
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _calls) == 0)
        {
            _ended.TrySetResult();
        }
    }

    private static void Check(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time-out is more than 0, or infinite.");
        }
    }

    private void Start<T>(BridgeCall<T> call, bool isNested)
    {
        var hasPlace = !isNested;
        var loop = isNested ? MakeLoop() : _loops.MinBy(loop => loop.Work)!;
        if (!loop.TryBeginWork())
        {
            loop = MakeLoop(); // disposed of meanwhile: the work is cancelled already, and may see to it
            isNested = true;
            _ = loop.TryBeginWork();
        }

        // AsyncLocal values flow over the bridge, too.
        Action begin = () => _ = ExecuteAsync(call, loop, ownsLoop: isNested, hasPlace: hasPlace);
        loop.Post(
            static state =>
            {
                var (context, begin) = ((ExecutionContext?, Action))state!;
                if (context is null)
                {
                    begin();
                }
                else
                {
                    ExecutionContext.Run(context, static begin => ((Action)begin!)(), begin);
                }
            },
            (ExecutionContext.Capture(), begin));
    }

    private async Task ExecuteAsync<T>(BridgeCall<T> call, BridgeLoop loop, bool ownsLoop, bool hasPlace)
    {
        var start = _time.GetTimestamp();
        try
        {
            call.Result = await call.Work(call.Token);
        }
        catch (Exception e)
        {
            call.Problem = ExceptionDispatchInfo.Capture(e);
        }

        if (hasPlace)
        {
            _places.Release();
        }

        EndCall(_time.GetElapsedTime(start));
        call.Ended.Set();
        call.Dispose();
        loop.EndWork();
        if (ownsLoop)
        {
            loop.EndWork();
        }
    }

    private T Answer<T>(BridgeCall<T> call, TimeSpan limit, CancellationToken cancellation)
    {
        switch (call.Problem)
        {
            case null:
                return call.Result!;
            case { SourceException: OperationCanceledException } when call.Token.IsCancellationRequested:
                throw GiveUp(limit, cancellation);
            default:
                _metrics.Errors.Add(1);
                call.Problem.Throw();
                throw call.Problem.SourceException; // never reached
        }
    }

    private Exception GiveUp(TimeSpan limit, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellation);
        }

        if (_stopping.IsCancellationRequested)
        {
            return new OperationCanceledException("The bridge was disposed while the call ran.", _stopping.Token);
        }

        _metrics.Timeouts.Add(1);
        return new TimeoutException($"The call did not end within {limit.TotalSeconds:0.###} s.");
    }

    private BridgeLoop MakeLoop() => new(_metrics, Interlocked.Increment(ref _loopsMade));
}
