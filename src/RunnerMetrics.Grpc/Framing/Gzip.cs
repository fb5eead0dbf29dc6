using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>The one message encoding that both sides speak beside identity.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    /// <summary>Below this, gzip's own 18 bytes and the time it takes buy nothing that a packet notices.</summary>
    private const int WorthwhileLength = 1024;

    /// <summary>Compresses a message; null where it is short or does not shrink, and is better sent as it is.</summary>
    public static MemoryStream? TryCompress(IMessage message, int messageLength)
    {
        if (messageLength < WorthwhileLength)
        {
            return null;
        }

        var compressed = new MemoryStream(messageLength / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        using (var output = new CodedOutputStream(gzip, leaveOpen: true))
        {
            message.WriteTo(output);
        }

        return compressed.Length < messageLength ? compressed : null;
    }

    /// <summary>
    /// Inflates into a rented buffer, never by more than one byte past the limit; the length is -1 when the message is longer
    /// than that. The caller returns the buffer, whatever happens.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not gzip, or end too early.</exception>
    public static int Inflate(ReadOnlySequence<byte> compressed, int limit, ref byte[] buffer)
    {
        // One byte past the limit shows that there is more without holding it.
        int capacity = (int)Math.Min(limit + 1L, Array.MaxLength);
        using var gzip = new GZipStream(PipeReader.Create(compressed).AsStream(), CompressionMode.Decompress);
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Grow(ref buffer, length);
            }

            int read = gzip.Read(buffer, length, Math.Min(buffer.Length, capacity) - length);
            length += read;
            if (length > limit)
            {
                return -1;
            }

            if (read == 0)
            {
                return length;
            }
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length * 2L, Array.MaxLength));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
