using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RunnerMetrics.Grpc;

/// <summary>The two answers of a unary call: a message and a trailing OK, or an error in the headers alone ("trailers-only").</summary>
internal static class GrpcResponse
{
    public static void Fail(HttpContext context, GrpcStatus status, ReadOnlyMemory<byte> details = default)
    {
        IHeaderDictionary headers = Begin(context);
        headers[GrpcHeaders.Status] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        headers[GrpcHeaders.Message] = StatusMessage.Encode(status.Message);
        if (!details.IsEmpty)
        {
            // gRPC's binary headers are base64, commonly without padding.
            headers[GrpcHeaders.StatusDetails] = Convert.ToBase64String(details.Span).TrimEnd('=');
        }
    }

    public static async Task SucceedAsync(HttpContext context, IMessage message, bool mayCompress)
    {
        int length = message.CalculateSize();
        MemoryStream? compressed = mayCompress && AcceptsGzip(context.Request.Headers[GrpcHeaders.AcceptEncoding])
            ? Gzip.TryCompress(message, length)
            : null;

        IHeaderDictionary headers = Begin(context);
        if (compressed is not null)
        {
            headers[GrpcHeaders.Encoding] = Gzip.Name;
        }

        // The body's writer gives no memory of its own before the response has started.
        await context.Response.StartAsync(context.RequestAborted);
        if (compressed is null)
        {
            MessageWriter.Write(context.Response.BodyWriter, message, length);
        }
        else
        {
            MessageWriter.Write(context.Response.BodyWriter, compressed);
        }

        context.Response.AppendTrailer(GrpcHeaders.Status, "0");
    }

    private static IHeaderDictionary Begin(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = GrpcHeaders.ContentType;
        context.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.AcceptedEncodings;
        return context.Response.Headers;
    }

    private static bool AcceptsGzip(StringValues acceptEncoding)
    {
        foreach (string? value in acceptEncoding)
        {
            foreach (Range part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(Gzip.Name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
