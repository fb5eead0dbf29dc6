namespace RunnerMetrics.Automation.Apis;

/// <summary>One call to an API, which ends once.</summary>
internal sealed class ObservedCall(ApiMetrics metrics, TimeSpan timeout, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private int _hasEnded;

    public TimeSpan Timeout => timeout;

    public TimeProvider Time => time;

    public void HeadCame() => metrics.RecordResponseTime(time.GetElapsedTime(_start));

    /// <summary>Counts the call, unless it is counted already.</summary>
    public void End(ApiCallEnd end, TokenUsage? usage = null)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        if (usage is { } used)
        {
            metrics.RecordTokens(used);
        }

        metrics.RecordCall(end, time.GetElapsedTime(_start));
    }

    /// <summary>Ends the call with its error.</summary>
    /// <param name="problem">The exception.</param>
    /// <param name="caller">The caller's own token.</param>
    public ApiCallEnd Fail(Exception problem, CancellationToken caller)
    {
        var end = problem switch
        {
            OperationCanceledException when caller.IsCancellationRequested => ApiCallEnd.Cancelled,
            OperationCanceledException => ApiCallEnd.Timeout, // this handler's, or that of the connection
            _ => ApiCallEnd.NetworkError,
        };
        End(end);
        return end;
    }

    /// <summary>The same exception that HttpClient throws for its own time-out.</summary>
    public TaskCanceledException TimedOut(Exception cause)
    {
        var message = $"{metrics.Api} did not answer within {timeout.TotalSeconds:0.###} s.";
        return new TaskCanceledException(message, new TimeoutException(message, cause));
    }
}
