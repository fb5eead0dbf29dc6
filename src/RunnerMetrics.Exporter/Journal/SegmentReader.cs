using System.Globalization;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>
/// Reads a segment: a header (<c>RMjournal</c>, a version) and frames. One frame is what one fsync made durable, and the next was written only
/// after that. So a broken frame with a sound one behind it was durable once, and is damage; one with none behind it is a write that a
/// crash tore, which nobody was told of.
/// </summary>
internal static class SegmentReader
{
    /// <summary>What every segment begins with; the last byte is the format's version.</summary>
    public static ReadOnlySpan<byte> Header => "RMjournal\x01"u8;

    /// <summary>Hands over the commits of a segment's bytes, in order.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="isLast">Whether it is the last segment, whose end a crash may have torn.</param>
    /// <param name="repair">Whether to step over damage.</param>
    /// <param name="take">Takes each commit.</param>
    /// <returns>Where the sound part ends, and what was stepped over.</returns>
    /// <exception cref="JournalException">The segment is damaged, or of a version that this exporter does not know.</exception>
    public static SegmentEnd Read(string name, ReadOnlySpan<byte> bytes, bool isLast, bool repair, Action<Commit> take)
    {
        if (bytes.Length < Header.Length || !bytes.StartsWith(Header[..^1]))
        {
            // A crash between the file's creation and its header leaves less than the header; more is no journal of ours.
            return isLast && bytes.Length <= Header.Length
                ? new SegmentEnd(0, 0)
                : repair ? new SegmentEnd(0, bytes.Length) : throw Damage(name, 0, "it does not begin as a journal does");
        }

        if (bytes[Header.Length - 1] != Header[^1])
        {
            throw new JournalException(
                $"{name} has the format version {bytes[Header.Length - 1]}, and this exporter knows {Header[^1]}: run the version of the exporter that wrote it, or a later one");
        }

        var at = Header.Length;
        var skipped = 0;
        while (at < bytes.Length)
        {
            if (TryCommit(bytes[at..], out var commit, out var length))
            {
                take(commit);
                at += length;
                continue;
            }

            var next = FindSound(bytes, at + 1);
            if (next < 0 && isLast)
            {
                return new SegmentEnd(at, skipped);
            }

            if (!repair)
            {
                throw Damage(name, at, next < 0 ? "the rest of it cannot be read, and it is not the last segment" : $"what follows from offset {next} can be read");
            }

            skipped += (next < 0 ? bytes.Length : next) - at;
            at = next < 0 ? bytes.Length : next;
        }

        return new SegmentEnd(at, skipped);
    }

    private static bool TryCommit(ReadOnlySpan<byte> bytes, out Commit commit, out int length)
    {
        commit = null!;
        if (!Frame.TryRead(bytes, out var payload, out length))
        {
            return false;
        }

        try
        {
            commit = Commit.Parser.ParseFrom(payload);
            return true;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static int FindSound(ReadOnlySpan<byte> bytes, int from)
    {
        Span<byte> mark = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(mark, Frame.Mark);
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

    private static JournalException Damage(string name, int offset, string detail) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{name} is damaged at offset {offset}: {detail}. Restore the folder from a backup, or start once with --repair to keep everything readable and set the rest aside"));
}
