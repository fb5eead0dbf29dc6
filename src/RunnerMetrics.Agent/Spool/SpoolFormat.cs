using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>How a spool's file is written: a header whose last byte is the format's version, then frames.</summary>
internal static class SpoolFormat
{
    public static readonly byte[] Header = [.. "RMspool"u8, 1];

    /// <summary>Writes a frame behind what is there; it is durable only after a sync.</summary>
    public static void Write(IStorageFile file, SpoolFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>(Frame.HeaderLength + frame.CalculateSize());
        buffer.Advance(Frame.HeaderLength);
        frame.WriteTo(buffer);
        var bytes = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span;
        if (bytes.Length - Frame.HeaderLength > Frame.MaxPayload)
        {
            throw new ArgumentException($"A frame of {bytes.Length} bytes is longer than the longest that can be read again.", nameof(frame));
        }

        Frame.WriteHeader(bytes);
        file.Write(bytes);
    }

    public static SpoolFrame? TryParse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return SpoolFrame.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
