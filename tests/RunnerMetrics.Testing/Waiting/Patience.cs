namespace RunnerMetrics.Testing;

/// <summary>How long a test waits for something that has to happen: far longer than it takes on the busiest machine. Where it runs out, what was waited for does not happen.</summary>
public static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A token that is cancelled with <paramref name="cancelled"/>, or where patience runs out.</summary>
    public static CancellationTokenSource LimitedBy(CancellationToken cancelled)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Limit);
        return limit;
    }
}
