using Google.Protobuf;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>Reads a journal's files in order: the last snapshot, and every segment from its number on.</summary>
internal sealed class JournalReader(IStorageFolder storage, bool repair)
{
    public JournalRecovery Recovery { get; } = new();

    /// <summary>Reads everything.</summary>
    /// <returns>The number of the next segment.</returns>
    public long Read(Action<BinaryReader> load, Action<Commit> replay)
    {
        RemoveLeftovers();
        var snapshot = ReadSnapshot(load);
        var segments = storage.List()
            .Select(name => (IsSegment: FileNames.IsSegment(name, out var number), Number: number))
            .Where(file => file.IsSegment && file.Number >= snapshot).Select(file => file.Number).Order().ToArray();
        FindGaps(snapshot, segments);
        var next = Math.Max(snapshot, 1);
        for (var i = 0; i < segments.Length; i++)
        {
            var hasCommits = ReadSegment(segments[i], i == segments.Length - 1, replay);
            next = hasCommits ? segments[i] + 1 : segments[i];
        }

        return next;
    }

    // The first segment is the snapshot's own, which was there before it; without a snapshot it is the first of all.
    private void FindGaps(long snapshot, long[] segments)
    {
        var isFirstKnown = snapshot > 0 || Recovery.SetAside.Count == 0;
        var expected = isFirstKnown || segments.Length == 0 ? Math.Max(snapshot, 1) : segments[0];
        foreach (var number in segments)
        {
            if (number != expected)
            {
                Miss(FileNames.Segment(expected));
            }

            expected = number + 1;
        }

        if (snapshot > 0 && segments.Length == 0)
        {
            Miss(FileNames.Segment(snapshot));
        }
    }

    private void Miss(string name)
    {
        if (!repair)
        {
            throw new StorageException(
                $"{Path.Combine(storage.Folder, name)} is missing: restore the folder from a backup, or start once with --repair to go on without it");
        }

        Recovery.Missing.Add(name);
    }

    // A snapshot that was being written when the process ended is nothing yet.
    private void RemoveLeftovers()
    {
        foreach (var name in storage.List().Where(name => name.EndsWith(FileNames.Temporary, StringComparison.Ordinal)))
        {
            storage.Delete(name);
        }
    }

    private long ReadSnapshot(Action<BinaryReader> load)
    {
        var snapshots = storage.List()
            .Select(name => (IsSnapshot: FileNames.IsSnapshot(name, out var number), Number: number))
            .Where(file => file.IsSnapshot).Select(file => file.Number).OrderDescending();
        foreach (var number in snapshots)
        {
            if (SnapshotFile.TryRead(storage, number, load, out var length))
            {
                return number;
            }

            if (!repair)
            {
                throw new StorageException(
                    $"{Path.Combine(storage.Folder, FileNames.Snapshot(number))} is damaged: restore the folder from a backup, or start once with --repair to set the snapshot aside and keep what the segments say");
            }

            Recovery.SkippedBytes += length;
            SetAside(FileNames.Snapshot(number));
        }

        return 0;
    }

    // False where it holds nothing: then it can be begun anew.
    private bool ReadSegment(long number, bool isLast, Action<Commit> replay)
    {
        var name = FileNames.Segment(number);
        var bytes = SnapshotFile.ReadAll(storage, name);
        var end = new FrameReader(Path.Combine(storage.Folder, name), EventJournal.Header).Read(bytes, isLast, repair, payload =>
        {
            if (TryParse(payload) is not { } commit)
            {
                return false;
            }

            replay(commit);
            Recovery.Commits++;
            return true;
        });
        Recovery.ReplayedBytes += end.SoundLength;
        Recovery.SkippedBytes += end.SkippedBytes;
        if (end.SkippedBytes > 0)
        {
            KeepCopy(name, bytes);
        }

        if (isLast && end.SoundLength > 0)
        {
            // What survived a killed process is durable only now, and what comes after it is answered as if it always was.
            using var segment = storage.Append(name);
            if (end.SoundLength < bytes.Length)
            {
                Recovery.CutBytes += bytes.Length - end.SoundLength;
                segment.Truncate(end.SoundLength);
            }

            segment.Sync();
        }

        return end.SoundLength > EventJournal.Header.Length;
    }

    private static Commit? TryParse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return Commit.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void SetAside(string name)
    {
        storage.Rename(name, name + ".damaged");
        storage.SyncFolder();
        Recovery.SetAside.Add(name + ".damaged");
    }

    private void KeepCopy(string name, byte[] bytes)
    {
        using var copy = storage.Create(name + ".damaged");
        copy.Write(bytes);
        copy.Sync();
        storage.SyncFolder();
        Recovery.SetAside.Add(name + ".damaged");
    }
}
