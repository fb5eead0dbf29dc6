using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace RunnerMetrics.Grpc;

/// <summary>Serves one method: checks the request, reads its message, calls the handler, answers.</summary>
internal sealed class UnaryEndpoint<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> method,
    GrpcUnaryHandler<TRequest, TResponse> handler,
    GrpcServerOptions options,
    TimeProvider timeProvider,
    ILogger logger)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly int _maxRequestBytes = MessageReader.ClampLimit(options.MaxRequestBytes);
    private readonly Func<GrpcCallContext, GrpcStatus?>? _authorize = options.Authorize;
    private readonly bool _compressResponses = options.CompressResponses;

    public async Task InvokeAsync(HttpContext context)
    {
        if (GrpcRequestGate.Refuses(context))
        {
            return;
        }

        if (!TryReadTimeout(context.Request.Headers[GrpcHeaders.Timeout], out TimeSpan? timeout))
        {
            Refuse(context, new GrpcStatus(
                GrpcStatusCode.Internal, $"{GrpcHeaders.Timeout} is not 1 to 8 digits and a unit of H, M, S, m, u or n, such as 5S."));
            return;
        }

        using CallDeadline? deadline = timeout is { } value ? new CallDeadline(value, timeProvider, context.RequestAborted) : null;
        if (await AnswerAsync(context, deadline) is { } response)
        {
            await WriteAsync(context, response);
        }
    }

    /// <summary>The handler's response; null where the call was answered with an error, or nobody is left to answer.</summary>
    private async Task<TResponse?> AnswerAsync(HttpContext context, CallDeadline? deadline)
    {
        try
        {
            var call = new GrpcCallContext(context, method.Path, deadline?.At, deadline?.Token ?? context.RequestAborted);
            call.CancellationToken.ThrowIfCancellationRequested();
            if (_authorize?.Invoke(call) is { Code: not GrpcStatusCode.OK } refusal)
            {
                Refuse(context, refusal);
                return null;
            }

            MessageRead<TRequest> request = await ReadAsync(context, call.CancellationToken);
            if (request.Message is null)
            {
                Refuse(context, request.Failure ?? NoMessage);
                return null;
            }

            TResponse response = await handler(request.Message, call)
                ?? throw new InvalidOperationException("The handler returned null where a response stands.");
            if (deadline is not { HasPassed: true })
            {
                return response;
            }

            Refuse(context, DeadlinePassed);
        }
        catch (GrpcException exception)
        {
            Refuse(context, new GrpcStatus(exception.StatusCode, exception.Message), exception.StatusDetails);
        }
        catch (OperationCanceledException) when (deadline is { HasPassed: true })
        {
            Refuse(context, DeadlinePassed);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(method.Path);
        }
        catch (Exception exception)
        {
            logger.HandlerFailed(method.Path, exception);
            Refuse(context, new GrpcStatus(GrpcStatusCode.Unknown, "unexpected error"));
        }

        return null;
    }

    private static GrpcStatus NoMessage => new(GrpcStatusCode.Internal, "The request holds no message; a unary call has one.");

    private static GrpcStatus BodyLost => new(GrpcStatusCode.Cancelled, "The request's body stopped before its end.");

    private static GrpcStatus DeadlinePassed => new(GrpcStatusCode.DeadlineExceeded, "The deadline passed before the call was done.");

    private async ValueTask<MessageRead<TRequest>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The message's own limit rules, and answers in gRPC's words.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = null;
        }

        try
        {
            return await MessageReader.ReadSingleAsync(
                context.Request.BodyReader,
                method.RequestParser,
                context.Request.Headers[GrpcHeaders.Encoding],
                _maxRequestBytes,
                "request",
                cancellationToken);
        }
        catch (IOException)
        {
            // The client reset its stream, lost its connection or was too slow for Kestrel. Caught here, not at the call's
            // boundary, where an IOException is the handler's.
            logger.ClientGone(method.Path);
            return BodyLost;
        }
    }

    private async Task WriteAsync(HttpContext context, TResponse response)
    {
        try
        {
            await GrpcResponse.SucceedAsync(context, response, _compressResponses);
        }
        catch (Exception exception)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                logger.ClientGone(method.Path);
                return;
            }

            // Part of a message may be on its way: only a reset tells the client that it is no answer.
            logger.ResponseFailed(method.Path, exception);
            context.Abort();
        }
    }

    private void Refuse(HttpContext context, GrpcStatus status, ReadOnlyMemory<byte> details = default)
    {
        logger.CallRefused(method.Path, status.Code);
        GrpcResponse.Fail(context, status, details);
    }

    private static bool TryReadTimeout(StringValues header, out TimeSpan? timeout)
    {
        timeout = null;
        if (header.Count == 0)
        {
            return true;
        }

        if (header.Count > 1 || !GrpcTimeout.TryParse(header[0], out TimeSpan value))
        {
            return false;
        }

        timeout = value;
        return true;
    }
}
