using System.Buffers.Binary;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>A row's checksum: CRC-32C over its numbers and its payload, so that a row that is in another's place is damage too.</summary>
internal static class Checksum
{
    public static long Of(ReadOnlySpan<byte> payload, params ReadOnlySpan<long> numbers)
    {
        var crc = Crc32C.Start;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            crc = Crc32C.Append(crc, bytes);
        }

        return ~Crc32C.Append(crc, payload);
    }
}
