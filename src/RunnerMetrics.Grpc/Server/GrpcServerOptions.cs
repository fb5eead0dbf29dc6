namespace RunnerMetrics.Grpc;

/// <summary>How a method is served. Read once, when the method is mapped.</summary>
public sealed class GrpcServerOptions
{
    /// <summary>
    /// The longest request message in bytes, as received and as inflated; 4 MiB by default. A longer one is answered with
    /// RESOURCE_EXHAUSTED as soon as its 5-byte prefix is read. Kestrel's own MaxRequestBodySize does not apply.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Asked before the request's body is read: null lets the call through, a status other than OK is its answer.
    /// It may throw <see cref="GrpcException"/> instead. Null, the default, lets every call through.
    /// </summary>
    public Func<GrpcCallContext, GrpcStatus?>? Authorize { get; set; }

    /// <summary>Whether a response of 1 KiB or more that gzip shrinks is sent so, to a client that accepts it; true by default.</summary>
    public bool CompressResponses { get; set; } = true;

    /// <summary>The clock for deadlines; null takes the application's own <see cref="System.TimeProvider"/>, or the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }
}
