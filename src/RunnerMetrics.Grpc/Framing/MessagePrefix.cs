using System.Buffers;
using System.Buffers.Binary;

namespace RunnerMetrics.Grpc;

/// <summary>The five bytes before a message: a compressed flag, 0 or 1, and the length, big-endian: <c>00 00 00 00 2A</c>.</summary>
internal readonly record struct MessagePrefix(byte Flag, uint MessageLength)
{
    public const int Length = 5;

    public static MessagePrefix Read(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[Length];
        buffer.Slice(0, Length).CopyTo(prefix);
        return new MessagePrefix(prefix[0], BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    public static void Write(Span<byte> destination, bool compressed, int messageLength)
    {
        destination[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..Length], messageLength);
    }
}
