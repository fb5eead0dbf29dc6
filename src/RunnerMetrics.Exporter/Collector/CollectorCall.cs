using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>
/// What happens around a call of the collector: the token is checked before a byte of the body is read, which no interceptor does, and calls that were
/// refused for their sender's fault are counted.
/// </summary>
internal sealed class CollectorCall(CollectorMetrics metrics, CommitLoop commits, BearerTokens? tokens)
{
    /// <summary>A call with it only checks its token; the agent's doctor sends it.</summary>
    private const string Probe = "runner-metrics-probe";

    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    private static readonly object IsRead = new();

    /// <summary>Notes that the call's request was read, and is what its method takes.</summary>
    public static void MarkAsRead(HttpContext context) => context.Items[IsRead] = true;

    public async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        if (IsGrpc(context.Request) && tokens is not null && !TryIdentify(tokens, context))
        {
            Refuse(context.Response, StatusCode.Unauthenticated, "the call has no valid token: send 'authorization: Bearer TOKEN' with a token of the exporter's --token-file");
        }
        else
        {
            // The message's own limit applies, not the one for ordinary requests.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null;
            }

            await answer(context);
            BlameUnreadRequest(context);
        }

        Count(context);
    }

    private static bool TryIdentify(BearerTokens tokens, HttpContext context)
    {
        var holder = tokens.Find(context.Request.Headers.Authorization);
        holder?.Mark(context);
        return holder is not null;
    }

    private static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private static void Refuse(HttpResponse response, StatusCode status, string message)
    {
        response.ContentType = "application/grpc";
        response.Headers[StatusHeader] = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = message;
    }

    // Grpc.AspNetCore answers UNKNOWN to bytes that are no message, as if the service had failed; gRPC's own word is INTERNAL (grpc/grpc, doc/statuscodes.md).
    private static void BlameUnreadRequest(HttpContext context)
    {
        if (!context.Response.HasStarted && StatusOf(context.Response) == StatusCode.Unknown && !context.Items.ContainsKey(IsRead))
        {
            Refuse(context.Response, StatusCode.Internal, "the request is not a valid message of this method: its frame is broken, or it cannot be decompressed or parsed");
        }
    }

    // A full disk is refused with the status of a message that is too large, but is not the sender's fault; nor is a lost connection.
    private void Count(HttpContext context)
    {
        var status = StatusOf(context.Response);
        var isNoFault = status switch
        {
            StatusCode.InvalidArgument => context.Request.Headers.ContainsKey(Probe),
            StatusCode.ResourceExhausted => commits.Problem is not null,
            _ => context.RequestAborted.IsCancellationRequested,
        };
        if (status is { } refused && !isNoFault)
        {
            metrics.CountRefusal(refused);
        }
    }

    // An error is in the headers, with no body behind them.
    private static StatusCode? StatusOf(HttpResponse response) =>
        int.TryParse(response.Headers[StatusHeader], CultureInfo.InvariantCulture, out var status) ? (StatusCode)status : null;
}
