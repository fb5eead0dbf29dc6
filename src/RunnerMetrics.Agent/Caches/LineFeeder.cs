using System.Buffers;

namespace RunnerMetrics.Agent.Caches;

/// <summary>Splits a stream of bytes into lines for a parser. A line that is too long for any tool is skipped.</summary>
internal sealed class LineFeeder(ICacheParser parser)
{
    private const int LongestLine = 4 << 20;

    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _tooLong;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (_line.WrittenCount == 0 && !_tooLong)
            {
                Give(bytes[..end]);
            }
            else
            {
                Keep(bytes[..end]);
                End();
            }

            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    /// <summary>The last line may have no end.</summary>
    public void End()
    {
        if (!_tooLong && _line.WrittenCount > 0)
        {
            Give(_line.WrittenSpan);
        }

        _line.ResetWrittenCount();
        _tooLong = false;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _tooLong |= _line.WrittenCount + bytes.Length > LongestLine;
        if (!_tooLong)
        {
            _line.Write(bytes);
        }
    }

    private void Give(ReadOnlySpan<byte> line) => parser.Read(line is [.., (byte)'\r'] ? line[..^1] : line);
}
