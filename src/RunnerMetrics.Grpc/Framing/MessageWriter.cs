using System.Buffers;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>Writes a message with its prefix into a pipe, without a copy in between.</summary>
internal static class MessageWriter
{
    public static void Write(IBufferWriter<byte> output, IMessage message, int messageLength)
    {
        WritePrefix(output, compressed: false, messageLength);
        message.WriteTo(output);
    }

    public static void Write(IBufferWriter<byte> output, MemoryStream compressed)
    {
        WritePrefix(output, compressed: true, (int)compressed.Length);
        output.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    private static void WritePrefix(IBufferWriter<byte> output, bool compressed, int messageLength)
    {
        MessagePrefix.Write(output.GetSpan(MessagePrefix.Length), compressed, messageLength);
        output.Advance(MessagePrefix.Length);
    }
}
