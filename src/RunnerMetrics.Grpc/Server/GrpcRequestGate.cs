using Microsoft.AspNetCore.Http;

namespace RunnerMetrics.Grpc;

/// <summary>Answers, in plain HTTP, what is no gRPC request: whoever sent it does not read a grpc-status.</summary>
internal static class GrpcRequestGate
{
    /// <summary>True where the request was refused, and its answer set.</summary>
    public static bool Refuses(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return true;
        }

        if (!GrpcHeaders.IsGrpcContentType(request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return true;
        }

        if (HttpProtocol.IsHttp11(request.Protocol) || HttpProtocol.IsHttp10(request.Protocol))
        {
            context.Response.Headers.Upgrade = "h2c";
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return true;
        }

        return false;
    }
}
