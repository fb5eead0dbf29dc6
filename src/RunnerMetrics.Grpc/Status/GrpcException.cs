namespace RunnerMetrics.Grpc;

/// <summary>
/// A call that did not end with <see cref="GrpcStatusCode.OK"/>. Thrown by a handler, its code and message are the
/// client's answer (its inner exception never leaves the server); thrown by <see cref="GrpcChannel"/>, it is the call's outcome.
/// </summary>
public sealed class GrpcException : Exception
{
    /// <summary>Makes the exception for a status.</summary>
    /// <param name="code">Any code but <see cref="GrpcStatusCode.OK"/>.</param>
    /// <param name="message">What was wrong, for the caller to read.</param>
    /// <param name="inner">What caused it; stays on this side.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is OK or no gRPC status code.</exception>
    public GrpcException(GrpcStatusCode code, string message, Exception? inner = null)
        : base(message, inner)
    {
        if (code is <= GrpcStatusCode.OK or > GrpcStatusCode.Unauthenticated)
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "A gRPC error has a status code from 1 to 16.");
        }

        StatusCode = code;
    }

    /// <summary>The status code; never OK.</summary>
    public GrpcStatusCode StatusCode { get; }

    /// <summary>
    /// The bytes of <c>grpc-status-details-bin</c>, a serialised <c>google.rpc.Status</c>; empty where there are none.
    /// A handler may set them; keep them under 4 KiB, since many clients limit a call's headers to 8 KiB.
    /// </summary>
    public ReadOnlyMemory<byte> StatusDetails { get; init; }

    /// <summary>
    /// True where no gRPC server gave this status: it was derived from a connection failure, a reset stream, a proxy's HTTP
    /// answer or a broken response. The call may or may not have taken effect.
    /// </summary>
    public bool IsTransportFailure { get; init; }

    /// <summary>
    /// Whether the same request, sent again later, may succeed: the code says so
    /// (<see cref="GrpcStatusCodeExtensions.IsRetryable"/>), or the transport failed in a way that passes: CANCELLED,
    /// UNKNOWN or INTERNAL, where the server itself did not say it.
    /// </summary>
    public bool IsRetryable => StatusCode.IsRetryable()
        || (IsTransportFailure && StatusCode is (GrpcStatusCode.Cancelled or GrpcStatusCode.Unknown or GrpcStatusCode.Internal));
}
