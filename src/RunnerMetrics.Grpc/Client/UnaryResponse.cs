using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>Reads a response: the server's status from its trailers, or from its headers where there is no body, and its message.</summary>
internal static class UnaryResponse
{
    /// <exception cref="GrpcException">The server answered with an error, or with something that is no gRPC answer.</exception>
    public static async Task<T> ReadAsync<T>(
        string path, HttpResponseMessage response, MessageParser<T> parser, int limit, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        bool isGrpc = GrpcHeaders.IsGrpcContentType(Single(response.Content.Headers, "Content-Type"));
        bool hasStatus = isGrpc && response.Headers.Contains(GrpcHeaders.Status);
        if (hasStatus)
        {
            ThrowUnlessOk(response.Headers);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw TransportFailure.FromHttpStatus(path, response.StatusCode);
        }

        if (!isGrpc)
        {
            throw TransportFailure.Because(GrpcStatusCode.Unknown, path, "the answer is not gRPC; is this the gRPC port?");
        }

        PipeReader body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        MessageRead<T> read = await MessageReader.ReadSingleAsync(
            body, parser, Single(response.Headers, GrpcHeaders.Encoding), limit, "response", cancellationToken);
        await body.CompleteAsync();

        // Where the body was not read to its end there are no trailers yet; where it was, the server's word goes before ours.
        if (response.TrailingHeaders.Contains(GrpcHeaders.Status))
        {
            hasStatus = true;
            ThrowUnlessOk(response.TrailingHeaders);
        }

        return read switch
        {
            { Failure: { } failure } => throw TransportFailure.Because(failure.Code, path, failure.Message),
            _ when !hasStatus => throw TransportFailure.Because(GrpcStatusCode.Unknown, path, "the response ended without a grpc-status."),
            { Message: { } message } => message,
            _ => throw TransportFailure.Because(GrpcStatusCode.Internal, path, "the response is OK but holds no message."),
        };
    }

    private static void ThrowUnlessOk(HttpResponseHeaders headers)
    {
        GrpcStatusCode code = ParseCode(Single(headers, GrpcHeaders.Status));
        if (code != GrpcStatusCode.OK)
        {
            throw new GrpcException(code, StatusMessage.Decode(Single(headers, GrpcHeaders.Message) ?? ""))
            {
                StatusDetails = DecodeDetails(Single(headers, GrpcHeaders.StatusDetails)),
            };
        }
    }

    /// <summary>A code that gRPC does not know is UNKNOWN, as its specification says.</summary>
    private static GrpcStatusCode ParseCode(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= (int)GrpcStatusCode.Unauthenticated
            ? (GrpcStatusCode)code
            : GrpcStatusCode.Unknown;

    /// <summary>Base64, with or without padding. Details that do not decode are dropped: the status matters more.</summary>
    private static byte[] DecodeDetails(string? value)
    {
        if (value is null)
        {
            return [];
        }

        string padded = value.PadRight((value.Length + 3) / 4 * 4, '=');
        byte[] details = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, details, out int length) ? details[..length] : [];
    }

    private static string? Single(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
