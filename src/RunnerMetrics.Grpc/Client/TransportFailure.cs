using System.Net;

namespace RunnerMetrics.Grpc;

/// <summary>
/// The status of a call that no gRPC server gave one. The tables are gRPC's: <c>doc/http-grpc-status-mapping.md</c> for HTTP
/// statuses, <c>doc/PROTOCOL-HTTP2.md</c>, "Errors", for reset streams.
/// </summary>
internal static class TransportFailure
{
    private const long Http11Required = 0xd;

    public static GrpcException Because(GrpcStatusCode code, string path, string reason, Exception? inner = null) =>
        new(code, $"The call of {path} failed: {reason}", inner) { IsTransportFailure = true };

    public static GrpcException DeadlinePassed(string path, Exception? inner) =>
        Because(GrpcStatusCode.DeadlineExceeded, path, "the deadline passed.", inner);

    public static GrpcException FromHttpStatus(string path, HttpStatusCode status)
    {
        GrpcStatusCode code = status switch
        {
            HttpStatusCode.BadRequest => GrpcStatusCode.Internal,
            HttpStatusCode.Unauthorized => GrpcStatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => GrpcStatusCode.PermissionDenied,
            HttpStatusCode.NotFound => GrpcStatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Unknown,
        };
        return Because(code, path, $"the answer is HTTP {(int)status}, not gRPC.");
    }

    /// <summary>Classifies what HttpClient threw, where neither the deadline nor the caller ended the call.</summary>
    public static GrpcException FromException(string path, Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
            {
                string reason = protocol.ErrorCode == Http11Required ? "the server wants HTTP/1.1; is this the gRPC port?" : protocol.Message;
                return Because(FromHttp2Error(protocol.ErrorCode), path, reason, exception);
            }
        }

        // Refused, unresolved, reset, wrong certificate, no HTTP/2 there: a connection that may be had another time.
        return Because(GrpcStatusCode.Unavailable, path, exception.Message, exception);
    }

    private static GrpcStatusCode FromHttp2Error(long errorCode) => errorCode switch
    {
        0x7 => GrpcStatusCode.Unavailable, // REFUSED_STREAM: never begun
        0x8 => GrpcStatusCode.Cancelled, // CANCEL
        0xb => GrpcStatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => GrpcStatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => GrpcStatusCode.Internal,
    };
}
