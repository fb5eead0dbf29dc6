using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>
/// Looks at a write-ahead log before SQLite does (https://sqlite.org/fileformat2.html#walformat). SQLite takes the first frame that is not right for the log's end,
/// whatever follows. But a transaction begins only when the one before it is durable: where two follow a frame that is not right, it was right once. So it was where one byte
/// makes the difference, as hardly any torn write leaves it: refused too early is repaired, left out too early is lost.
/// </summary>
internal static class WriteAheadLog
{
    private const int HeaderLength = 32, FrameHeaderLength = 24;

    /// <summary>Rejects a log, or its database file, if SQLite would drop durable transactions.</summary>
    /// <param name="path">The store's file.</param>
    /// <returns>How many bytes of a torn last transaction SQLite will leave out.</returns>
    /// <exception cref="StorageException">It is damaged.</exception>
    public static long Inspect(string path)
    {
        CheckFile(path);
        var log = path + "-wal";
        if (!File.Exists(log))
        {
            return 0;
        }

        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18, FileOptions.SequentialScan);
        if (stream.Length <= HeaderLength)
        {
            return 0; // A header alone, or a part of one: no transaction.
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        stream.ReadExactly(header);
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var size = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        var isBigEndian = magic == 0x377f0683;
        var sum = Add((0, 0), header[..24], isBigEndian);
        if ((magic & ~1u) != 0x377f0682 || BinaryPrimitives.ReadUInt32BigEndian(header[4..]) != 3007000
            || size is < 512 or > 65536 || (size & (size - 1)) != 0 || sum != StoredAt(header, 24))
        {
            throw Damaged(log, "its header is invalid");
        }

        return Walk(stream, log, size, header[16..24], sum, isBigEndian);
    }

    private static long Walk(FileStream stream, string log, int size, ReadOnlySpan<byte> salt, (uint, uint) sum, bool isBigEndian)
    {
        var frame = new byte[FrameHeaderLength + size].AsSpan();
        var (torn, isSound, later, wasCommit, number, firstBad) = (0L, true, 0, false, 0L, 0L);
        while (stream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            number++;
            var isOurs = frame[8..16].SequenceEqual(salt);
            var isCommit = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) != 0;
            var stored = StoredAt(frame, 16);
            var computed = Add(Add(sum, frame[..8], isBigEndian), frame[FrameHeaderLength..], isBigEndian);
            var follows = isOurs && computed == stored;
            if (isSound && !follows)
            {
                (isSound, wasCommit, firstBad) = (false, isOurs && isCommit, number);
                if (computed == stored || IsOneByteOff(frame, computed, stored, isBigEndian))
                {
                    throw Damaged(log, FormattableString.Invariant($"one byte of frame {number} is wrong"));
                }
            }
            else if (isCommit && follows)
            {
                (torn, later) = isSound ? (-frame.Length, later) : (torn, later + 1);
            }

            torn += isOurs ? frame.Length : 0; // What is another generation's was emptied into the file long ago.

            // Behind a frame that is not right, each is held against the one before it, as that says it is.
            sum = stored;
        }

        return later >= (wasCommit ? 1 : 2)
            ? throw Damaged(log, FormattableString.Invariant($"frame {firstBad} is invalid, and {later} transactions follow it"))
            : torn;
    }

    // The sum is linear: from a difference at the end follows the word that would explain it, at each place.
    private static bool IsOneByteOff(ReadOnlySpan<byte> frame, (uint First, uint Second) computed, (uint First, uint Second) stored, bool isBigEndian)
    {
        var isInSum = (computed.First == stored.First && IsOneByte(computed.Second, stored.Second)) || (computed.Second == stored.Second && IsOneByte(computed.First, stored.First));
        var (first, second) = unchecked((stored.First - computed.First, stored.Second - computed.Second));
        for (var at = frame.Length - 8; at >= 0 && !isInSum; at -= at == FrameHeaderLength ? FrameHeaderLength : 8)
        {
            var (word, next) = (WordAt(frame, at, isBigEndian), WordAt(frame, at + 4, isBigEndian));
            if ((first == second && IsOneByte(word, unchecked(word + first))) || (first == 0 && IsOneByte(next, unchecked(next + second))))
            {
                return true;
            }

            (first, second) = unchecked(((2 * first) - second, second - first));
        }

        return isInSum;
    }

    private static uint WordAt(ReadOnlySpan<byte> bytes, int at, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static bool IsOneByte(uint one, uint other)
    {
        var difference = one ^ other;
        return difference != 0 && (difference & (0xFFu << (System.Numerics.BitOperations.TrailingZeroCount(difference) & ~7))) == difference;
    }

    // Whether SQLite reads the log at all hangs on two bytes of the file.
    private static void CheckFile(string path)
    {
        Span<byte> header = stackalloc byte[100];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header[..16].SequenceEqual("SQLite format 3\0"u8) || header[18] != 2 || header[19] != 2)
        {
            throw Damaged(path, "its header is invalid");
        }
    }

    private static (uint, uint) StoredAt(ReadOnlySpan<byte> bytes, int at) => (BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]));

    private static (uint First, uint Second) Add((uint First, uint Second) sum, ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var (first, second) = sum;
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        var swaps = isBigEndian == BitConverter.IsLittleEndian;
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            first = unchecked(first + (swaps ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]) + second);
            second = unchecked(second + (swaps ? BinaryPrimitives.ReverseEndianness(words[i + 1]) : words[i + 1]) + first);
        }

        return (first, second);
    }

    private static StorageException Damaged(string path, string what) =>
        new($"{path} is damaged ({what}): restore the data folder from a backup, or run 'runner-metrics-exporter store repair' to keep what can be read");
}
