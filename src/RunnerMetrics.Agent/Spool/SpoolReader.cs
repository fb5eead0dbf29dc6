using System.Buffers.Binary;
using RunnerMetrics.Agent.Spool.V1;

namespace RunnerMetrics.Agent.Spool;

/// <summary>Reads a spool's file frame by frame, so that a month of events costs the memory of one frame.</summary>
/// <param name="stream">The file.</param>
/// <param name="limit">How many bytes of it must be believed.</param>
internal sealed class SpoolReader(Stream stream, long limit) : IDisposable
{
    private byte[] _buffer = new byte[4096];

    /// <summary>Where the last frame that was read begins.</summary>
    public long FrameOffset { get; private set; }

    /// <summary>Where the next frame begins.</summary>
    public long Offset { get; private set; }

    public bool IsAtEnd => Offset >= limit;

    /// <summary>The format version that the header names; null if it is no header of a spool.</summary>
    public int? ReadHeader()
    {
        Span<byte> header = stackalloc byte[SpoolFormat.Header.Length];
        stream.Position = 0;
        if (limit < header.Length || stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header[..^1].SequenceEqual(SpoolFormat.Header.AsSpan()[..^1]) || header[^1] == 0)
        {
            return null;
        }

        Offset = header.Length;
        return header[^1];
    }

    public void MoveTo(long offset)
    {
        stream.Position = offset;
        Offset = offset;
    }

    /// <summary>Reads the next frame; null at the end, and if there is no valid one.</summary>
    public SpoolFrame? Read()
    {
        if (limit - Offset < Frame.HeaderLength || !TryFill(0, Frame.HeaderLength))
        {
            return null;
        }

        var payload = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(sizeof(uint)));
        if (payload < 0 || payload > Frame.MaxPayload || limit - Offset - Frame.HeaderLength < payload || !TryFill(Frame.HeaderLength, payload)
            || !Frame.TryRead(_buffer.AsSpan(0, Frame.HeaderLength + payload), out var bytes, out var length)
            || SpoolFormat.TryParse(bytes) is not { } frame)
        {
            return null;
        }

        FrameOffset = Offset;
        Offset += length;
        return frame;
    }

    /// <summary>Everything from the last sound frame on.</summary>
    public byte[] ReadRest()
    {
        var rest = new byte[limit - Offset];
        stream.Position = Offset;
        stream.ReadExactly(rest);
        return rest;
    }

    public void Dispose() => stream.Dispose();

    private bool TryFill(int from, int count)
    {
        if (_buffer.Length < from + count)
        {
            Array.Resize(ref _buffer, from + count);
        }

        return stream.ReadAtLeast(_buffer.AsSpan(from, count), count, throwOnEndOfStream: false) == count;
    }
}
