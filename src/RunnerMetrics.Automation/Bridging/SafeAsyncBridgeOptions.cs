namespace RunnerMetrics.Automation.Bridging;

/// <summary>How a <see cref="SafeAsyncBridge"/> runs.</summary>
public sealed record SafeAsyncBridgeOptions
{
    /// <summary>How many threads run asynchronous code; 1 or more.</summary>
    public int Loops { get; init; } = 2;

    /// <summary>How many calls may run at once; further ones wait for a slot, within their time. 1 or more.</summary>
    public int MaxConcurrency { get; init; } = 64;

    /// <summary>How long a call may take, including the wait for a slot, by default; <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);
}
