using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>
/// A request's body. The message is serialised when the connection asks for it, so that the rented buffer's life is within
/// the send, and a send that is repeated on a fresh connection has its bytes again.
/// </summary>
internal sealed class GrpcRequestContent : HttpContent
{
    private readonly IMessage _message;
    private readonly MemoryStream? _compressed;

    public GrpcRequestContent(IMessage message, MemoryStream? compressed)
    {
        _message = message;
        _compressed = compressed;
        Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        int length = (int?)_compressed?.Length ?? _message.CalculateSize();
        byte[] frame = ArrayPool<byte>.Shared.Rent(MessagePrefix.Length + length);
        try
        {
            MessagePrefix.Write(frame, _compressed is not null, length);
            Span<byte> payload = frame.AsSpan(MessagePrefix.Length, length);
            if (_compressed is not null)
            {
                _compressed.GetBuffer().AsSpan(0, length).CopyTo(payload);
            }
            else
            {
                _message.WriteTo(payload);
            }

            await stream.WriteAsync(frame.AsMemory(0, MessagePrefix.Length + length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>No Content-Length: gRPC's own length is in the prefix, and its request grammar has no other.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
