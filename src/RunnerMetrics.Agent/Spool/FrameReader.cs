using System.Buffers.Binary;
using System.Globalization;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// Reads a file of frames: a header whose last byte is the format's version, then frames. One frame is what one fsync made durable, and the
/// next was written only after that. So a broken frame with a sound one behind it was durable once, and is damage; one with none behind it
/// is a write that a crash tore, which nobody was told of.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="header">What it begins with.</param>
public sealed class FrameReader(string name, byte[] header)
{
    /// <summary>Takes a frame's payload; false where it makes no sense, which is damage too.</summary>
    public delegate bool Taker(ReadOnlySpan<byte> payload);

    /// <summary>Hands over the payloads of a file's frames, in order.</summary>
    /// <param name="bytes">All of the file.</param>
    /// <param name="isLast">Whether it is the file that was written last, whose end a crash may have torn.</param>
    /// <param name="repair">Whether to step over damage.</param>
    /// <param name="take">Takes each payload.</param>
    /// <returns>Where the sound part ends, and what was stepped over.</returns>
    /// <exception cref="StorageException">The file is damaged, or of a version that this program does not know.</exception>
    public FramesEnd Read(ReadOnlySpan<byte> bytes, bool isLast, bool repair, Taker take)
    {
        ArgumentNullException.ThrowIfNull(take);
        if (bytes.Length < header.Length || !bytes.StartsWith(header.AsSpan()[..^1]) || bytes[header.Length - 1] == 0)
        {
            // A crash between the file's creation and its header leaves less than the header, or zeros in its place; more is no file of ours.
            return isLast && bytes.Length <= header.Length
                ? new FramesEnd(0, 0)
                : repair ? new FramesEnd(0, bytes.Length) : throw Damage(0, "it does not begin as such a file does");
        }

        if (bytes[header.Length - 1] != header[^1])
        {
            throw new StorageException(
                $"{name} has the format version {bytes[header.Length - 1]}, and this program knows {header[^1]}: run the version that wrote it, or a later one");
        }

        var at = header.Length;
        var skipped = 0;
        while (at < bytes.Length)
        {
            if (Frame.TryRead(bytes[at..], out var payload, out var length) && take(payload))
            {
                at += length;
                continue;
            }

            var next = FindSound(bytes, at + 1);
            if (next < 0 && isLast)
            {
                return new FramesEnd(at, skipped);
            }

            if (!repair)
            {
                throw Damage(at, next < 0 ? "the rest of it cannot be read, and a later file shows that it was whole" : $"what follows from offset {next} can be read");
            }

            skipped += (next < 0 ? bytes.Length : next) - at;
            at = next < 0 ? bytes.Length : next;
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

    private StorageException Damage(int offset, string detail) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{name} is damaged at offset {offset}: {detail}. Restore the folder from a backup, or start once with --repair to keep everything readable and set the rest aside"));
}
