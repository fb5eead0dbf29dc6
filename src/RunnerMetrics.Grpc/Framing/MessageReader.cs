using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>Reads the one message of a unary request or response, without copying it out of the pipe.</summary>
internal static class MessageReader
{
    /// <summary>Reads a body to its end. Refuses what is too long by its prefix alone, before it is received or inflated.</summary>
    /// <param name="body">The body.</param>
    /// <param name="parser">Parses the message.</param>
    /// <param name="encoding">The <c>grpc-encoding</c> header; null for identity.</param>
    /// <param name="limit">The longest message, in bytes, as received and as inflated.</param>
    /// <param name="what">"request" or "response", for messages.</param>
    /// <param name="cancellationToken">Stops waiting for bytes.</param>
    public static async ValueTask<MessageRead<T>> ReadSingleAsync<T>(
        PipeReader body, MessageParser<T> parser, string? encoding, int limit, string what, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        ReadResult read = await body.ReadAtLeastAsync(MessagePrefix.Length, cancellationToken);
        if (read.Buffer.Length < MessagePrefix.Length)
        {
            long received = read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            return received == 0
                ? default(MessageRead<T>)
                : Malformed($"The {what} ended after {received} bytes, within the 5-byte prefix of its message.");
        }

        MessagePrefix prefix = MessagePrefix.Read(read.Buffer);
        if (CheckPrefix(prefix, encoding, limit, what) is { } refusal)
        {
            body.AdvanceTo(read.Buffer.End);
            return refusal;
        }

        // One byte more than the frame: that read returns at the body's end, or shows that there is a second message.
        int frameLength = MessagePrefix.Length + (int)prefix.MessageLength;
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        read = await body.ReadAtLeastAsync(frameLength + 1, cancellationToken);
        MessageRead<T> result = read.Buffer.Length switch
        {
            long length when length < frameLength => Malformed(
                $"The {what} ended after {length - MessagePrefix.Length} of its message's {prefix.MessageLength} bytes."),
            long length when length > frameLength => Malformed($"The {what} holds more than one message; a unary call has one."),
            _ => Parse(read.Buffer.Slice(MessagePrefix.Length), prefix.Flag == 1, parser, limit, what),
        };
        body.AdvanceTo(read.Buffer.End);
        return result;
    }

    /// <summary>The longest message that a limit allows: an array's length is the end of the road.</summary>
    public static int ClampLimit(int limit) => Math.Min(limit, Array.MaxLength - MessagePrefix.Length - 1);

    private static GrpcStatus? CheckPrefix(MessagePrefix prefix, string? encoding, int limit, string what)
    {
        bool isIdentity = string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
        return prefix switch
        {
            { Flag: > 1 } => Malformed($"The {what} is no gRPC message: its first byte is {prefix.Flag}, where 0 (plain) or 1 (compressed) stands."),
            { Flag: 1 } when isIdentity => Malformed($"The {what}'s message is marked compressed, but {GrpcHeaders.Encoding} names no encoding."),
            { Flag: 1 } when !encoding!.Equals(Gzip.Name, StringComparison.OrdinalIgnoreCase) => new GrpcStatus(
                GrpcStatusCode.Unimplemented, $"The {what}'s encoding is not supported; supported are {GrpcHeaders.AcceptedEncodings}."),
            _ when prefix.MessageLength > limit => new GrpcStatus(
                GrpcStatusCode.ResourceExhausted, $"The {what}'s message has {prefix.MessageLength} bytes; the limit is {limit}."),
            _ => null,
        };
    }

    private static MessageRead<T> Parse<T>(ReadOnlySequence<byte> payload, bool isCompressed, MessageParser<T> parser, int limit, string what)
        where T : class, IMessage<T>
    {
        try
        {
            return isCompressed ? ParseCompressed(payload, parser, limit, what) : new MessageRead<T>(parser.ParseFrom(payload), null);
        }
        catch (InvalidProtocolBufferException)
        {
            return Malformed($"The {what}'s message does not parse as what this method takes.");
        }
        catch (InvalidDataException)
        {
            return NotGzip(what);
        }
    }

    private static MessageRead<T> ParseCompressed<T>(ReadOnlySequence<byte> payload, MessageParser<T> parser, int limit, string what)
        where T : class, IMessage<T>
    {
        long length = Gzip.InflatedLength(payload);
        if (length < 0)
        {
            return NotGzip(what);
        }

        if (length > limit)
        {
            return new GrpcStatus(GrpcStatusCode.ResourceExhausted, $"The {what}'s message inflates to {length} bytes; the limit is {limit}.");
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            return Gzip.TryInflate(payload, buffer.AsSpan(0, (int)length))
                ? new MessageRead<T>(parser.ParseFrom(buffer, 0, (int)length), null)
                : NotGzip(what);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static GrpcStatus NotGzip(string what) => Malformed($"The {what}'s message is marked gzip, but is not, is damaged or ends too early.");

    // gRPC's own table of statuses gives INTERNAL to what breaks the protocol: doc/statuscodes.md, "Error parsing request proto".
    private static GrpcStatus Malformed(string message) => new(GrpcStatusCode.Internal, message);
}
