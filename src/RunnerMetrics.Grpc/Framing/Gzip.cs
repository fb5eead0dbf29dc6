using System.Buffers;
using System.Buffers.Binary;
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

    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b, 0x08];

    /// <summary>A header of 10 bytes and a trailer of 8.</summary>
    private const int ShortestLength = 18;

    /// <summary>Deflate's: 258 bytes in two bits. What claims more is no honest bomb, but damaged.</summary>
    private const int HighestRatio = 1032;

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
    /// How long the message is once inflated, as gzip's last four bytes say (RFC 1952, ISIZE); -1 where the bytes cannot be
    /// gzip of that length. Of a message it is the truth or the message is malformed: nobody sends several gzip members.
    /// </summary>
    public static long InflatedLength(ReadOnlySequence<byte> compressed)
    {
        if (compressed.Length < ShortestLength)
        {
            return -1;
        }

        Span<byte> start = stackalloc byte[3];
        compressed.Slice(0, start.Length).CopyTo(start);
        Span<byte> end = stackalloc byte[sizeof(uint)];
        compressed.Slice(compressed.Length - end.Length).CopyTo(end);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        return start.SequenceEqual(Magic) && length <= compressed.Length * HighestRatio ? length : -1;
    }

    /// <summary>
    /// Inflates to exactly the length that <see cref="InflatedLength"/> told; false where there is less or more. Never
    /// inflates more than one byte past it, whatever the rest holds.
    /// </summary>
    /// <remarks>GZipStream takes a stream that is cut short for one that ends, unless a process-wide switch is on: the length is the check.</remarks>
    /// <exception cref="InvalidDataException">The bytes are not gzip, or damaged.</exception>
    public static bool TryInflate(ReadOnlySequence<byte> compressed, Span<byte> destination)
    {
        using var gzip = new GZipStream(PipeReader.Create(compressed).AsStream(), CompressionMode.Decompress);
        // The read past the end makes GZipStream look at the trailer, where the checksum is.
        return gzip.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length
            && gzip.ReadByte() < 0;
    }
}
