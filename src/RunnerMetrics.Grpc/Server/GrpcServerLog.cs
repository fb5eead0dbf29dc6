using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Grpc;

internal static partial class GrpcServerLog
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed; the client was told nothing but UNKNOWN.")]
    public static partial void HandlerFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The response of {Method} could not be written; its stream was reset.")]
    public static partial void ResponseFailed(this ILogger logger, string method, Exception exception);

    // The status's message is for the caller and can hold what the caller sent, so the log has the code alone.
    [LoggerMessage(3, LogLevel.Debug, "A call of {Method} was answered with {StatusCode}.")]
    public static partial void CallRefused(this ILogger logger, string method, GrpcStatusCode statusCode);

    [LoggerMessage(4, LogLevel.Debug, "The client went away during a call of {Method}.")]
    public static partial void ClientGone(this ILogger logger, string method);
}
