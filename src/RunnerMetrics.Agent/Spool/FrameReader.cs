using System.Buffers.Binary;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// Reads frames over damage. One frame is what one fsync made durable, and the next was written only after that. So a broken frame with a sound one
/// behind it was durable once, and is damage; one with none behind it is a write torn by a crash, which was never acknowledged.
/// </summary>
internal static class FrameReader
{
    /// <summary>Takes a frame's payload; false if it makes no sense, which is damage too.</summary>
    public delegate bool Taker(ReadOnlySpan<byte> payload);

    /// <summary>Hands over the payloads of all frames that can be read, in order.</summary>
    /// <param name="bytes">Frames, and what became of them.</param>
    /// <param name="take">Takes each payload.</param>
    public static FramesEnd Read(ReadOnlySpan<byte> bytes, Taker take)
    {
        var at = 0;
        var skipped = 0;
        while (at < bytes.Length)
        {
            if (Frame.TryRead(bytes[at..], out var payload, out var length) && take(payload))
            {
                at += length;
                continue;
            }

            var next = FindSound(bytes, at + 1);
            if (next < 0)
            {
                break;
            }

            skipped += next - at;
            at = next;
        }

        return new FramesEnd(at, skipped);
    }

    private static int FindSound(ReadOnlySpan<byte> bytes, int from)
    {
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(mark, Frame.Mark);
        while (from < bytes.Length)
        {
            var found = bytes[from..].IndexOf(mark);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (Frame.TryRead(bytes[from..], out _, out _))
            {
                return from;
            }

            from++;
        }

        return -1;
    }
}
