namespace RunnerMetrics.Domain.Memory;

/// <summary>How the 128-bit keys of events and jobs are written into a snapshot.</summary>
internal static class KeyFormat
{
    public static void Write(this BinaryWriter writer, UInt128 key)
    {
        writer.Write((ulong)key);
        writer.Write((ulong)(key >> 64));
    }

    public static UInt128 ReadKey(this BinaryReader reader)
    {
        var low = reader.ReadUInt64();
        return new UInt128(reader.ReadUInt64(), low);
    }
}
