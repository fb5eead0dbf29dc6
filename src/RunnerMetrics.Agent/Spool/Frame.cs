using System.Buffers.Binary;
using System.Numerics;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// How a payload is in a file: a mark, its length, a CRC-32C over the length and the payload, the payload. The mark lets a reader find
/// the next frame behind damage.
/// </summary>
public static class Frame
{
    /// <summary>How many bytes stand before a payload.</summary>
    public const int HeaderLength = 12;

    /// <summary>A frame that claims to be longer is damage.</summary>
    public const int MaxPayload = 64 * 1024 * 1024;

    /// <summary>"RMf1".</summary>
    public const uint Mark = 0x31664D52;

    /// <summary>Fills in the header of a frame whose payload stands behind it.</summary>
    public static void WriteHeader(Span<byte> frame)
    {
        var payload = frame[HeaderLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(payload.Length, payload));
    }

    /// <summary>Reads the frame at the beginning of some bytes; false if there is no whole and sound one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload, out int length)
    {
        payload = default;
        length = 0;
        if (bytes.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
        {
            return false;
        }

        var payloadLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (payloadLength is < 0 or > MaxPayload || bytes.Length - HeaderLength < payloadLength)
        {
            return false;
        }

        payload = bytes.Slice(HeaderLength, payloadLength);
        length = HeaderLength + payloadLength;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Checksum(payloadLength, payload);
    }

    /// <summary>The CRC-32C over a length and a payload.</summary>
    public static uint Checksum(int length, ReadOnlySpan<byte> payload) => ~Crc32C.Append(BitOperations.Crc32C(Crc32C.Start, (uint)length), payload);
}
