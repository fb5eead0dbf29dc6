namespace RunnerMetrics.Grpc;

/// <summary>A call's deadline: a token that fires when it passes, or when the client goes away.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public CallDeadline(TimeSpan timeout, TimeProvider timeProvider, CancellationToken requestAborted)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        At = timeout < DateTimeOffset.MaxValue - now ? now + timeout : DateTimeOffset.MaxValue;
        _timer = timeout <= GrpcTimeout.LongestTimer ? new CancellationTokenSource(timeout, timeProvider) : new CancellationTokenSource();
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, requestAborted);
    }

    public DateTimeOffset At { get; }

    public CancellationToken Token => _linked.Token;

    public bool HasPassed => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
