using System.Numerics;
using System.Runtime.InteropServices;

namespace RunnerMetrics.Hosting.Folders;

/// <summary>CRC-32C (Castagnoli), which processors compute in hardware.</summary>
public static class Crc32C
{
    /// <summary>What a checksum begins with; its complement at the end is the checksum.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Continues with a checksum over more bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var b in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
