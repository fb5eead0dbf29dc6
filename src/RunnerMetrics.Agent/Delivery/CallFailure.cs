using System.Net;
using Grpc.Core;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>What a failed call means: who reported it, and why it failed.</summary>
internal static class CallFailure
{
    private const long Http11Required = 0xd; // RFC 9113, section 7

    /// <summary>Determines when to retry.</summary>
    public static DeliveryProblem ProblemOf(RpcException failure) => failure.Status switch
    {
        { DebugException: NotGrpcException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } } => DeliveryProblem.Unauthenticated,
        // No server answered: the connection failed, or an intermediary answered instead.
        { DebugException: not null } => DeliveryProblem.Unavailable,
        { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } => DeliveryProblem.Unauthenticated,
        // CANCELLED is also an answer that ended without a status. A full disk is temporary.
        { StatusCode: StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Cancelled }
            => DeliveryProblem.Unavailable,
        _ => DeliveryProblem.Refused,
    };

    /// <summary>Why: the server's own words, or the innermost reason of what failed on the way to it.</summary>
    public static string ReasonOf(RpcException failure)
    {
        if (failure.Status.DebugException is not { } cause)
        {
            return failure.Status.Detail is { Length: > 0 } said ? said : $"the collector answered {failure.StatusCode} without a message.";
        }

        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause is HttpProtocolException { ErrorCode: Http11Required } ? "the server requires HTTP/1.1; is this the gRPC port?" : cause.Message;
    }
}
