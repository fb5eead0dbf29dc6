using System.Runtime.ExceptionServices;

namespace RunnerMetrics.Automation.Bridging;

/// <summary>One call over the bridge.</summary>
internal sealed class BridgeCall<T>(Func<CancellationToken, Task<T>> work, CancellationTokenSource end) : IDisposable
{
    private int _holders = 2;

    public Func<CancellationToken, Task<T>> Work { get; } = work;

    /// <summary>Is cancelled when the caller no longer waits: after a time-out, a cancellation, or the bridge's disposal.</summary>
    public CancellationTokenSource End { get; } = end;

    public CancellationToken Token { get; } = end.Token;

    /// <summary>Is set once the work has ended, however it did.</summary>
    public ManualResetEventSlim Ended { get; } = new();

    public T? Result { get; set; }

    public ExceptionDispatchInfo? Problem { get; set; }

    /// <summary>Releases the call: its caller and its work do so once each, and the second one frees it.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            End.Dispose();
            Ended.Dispose();
        }
    }
}
