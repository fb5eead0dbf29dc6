namespace RunnerMetrics.Grpc;

/// <summary>What a status code means for a sender.</summary>
public static class GrpcStatusCodeExtensions
{
    /// <summary>
    /// Whether the same request, sent again later, may succeed: true for <see cref="GrpcStatusCode.Unavailable"/>,
    /// <see cref="GrpcStatusCode.ResourceExhausted"/> (a full disk is emptied; a message over the limit stays over it, so a
    /// sender also bounds its messages), <see cref="GrpcStatusCode.DeadlineExceeded"/> and <see cref="GrpcStatusCode.Aborted"/>.
    /// </summary>
    /// <param name="code">The code that a call ended with.</param>
    /// <remarks>
    /// The code alone cannot tell a server's <see cref="GrpcStatusCode.Internal"/> from that of a broken connection:
    /// where there is an exception, ask <see cref="GrpcException.IsRetryable"/>.
    /// </remarks>
    public static bool IsRetryable(this GrpcStatusCode code) => code
        is GrpcStatusCode.Unavailable
        or GrpcStatusCode.ResourceExhausted
        or GrpcStatusCode.DeadlineExceeded
        or GrpcStatusCode.Aborted;
}
