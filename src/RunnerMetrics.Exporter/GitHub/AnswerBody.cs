using System.Buffers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Reads an answer in small pieces: a page of runs has over a megabyte, and in one piece its memory would be had back late.</summary>
internal static class AnswerBody
{
    private const int PieceBytes = 16 * 1024;
    private const int MostBytes = 32 * 1024 * 1024;

    /// <summary>Reads all of it.</summary>
    /// <exception cref="IOException">It breaks off, or has more than 32 MB.</exception>
    public static async Task<ReadOnlySequence<byte>> ReadAsync(HttpContent content, CancellationToken stop)
    {
        await using var stream = await content.ReadAsStreamAsync(stop);
        Piece? first = null, last = null;
        for (var total = 0L; total <= MostBytes; total += PieceBytes)
        {
            var piece = new byte[PieceBytes];
            var read = await stream.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, stop);
            last = new Piece(piece.AsMemory(0, read), last);
            first ??= last;
            if (read < piece.Length)
            {
                return new ReadOnlySequence<byte>(first, 0, last, read);
            }
        }

        throw new IOException($"the answer has more than {MostBytes / (1024 * 1024)} MB");
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
