using Google.Protobuf;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>Reads a journal's files in order: the last snapshot, and every segment from its number on.</summary>
internal sealed class JournalReader(IStorageFolder storage, bool repair)
{
    public JournalRecovery Recovery { get; } = new();

    /// <summary>Reads everything.</summary>
    /// <returns>The number of the last file.</returns>
    public long Read(Action<BinaryReader> load, Action<Commit> replay)
    {
        RemoveLeftovers();
        var snapshot = ReadSnapshot(load);
        var segments = storage.List()
            .Select(name => (IsSegment: FileNames.IsSegment(name, out var number), Number: number))
            .Where(file => file.IsSegment && file.Number >= snapshot).Select(file => file.Number).Order().ToArray();
        var last = snapshot;
        for (var i = 0; i < segments.Length; i++)
        {
            if (i > 0 && segments[i] != segments[i - 1] + 1 && !repair)
            {
                throw new StorageException(
                    $"{Path.Combine(storage.Folder, FileNames.Segment(segments[i - 1] + 1))} is missing: restore the folder from a backup, or start once with --repair to go on without it");
            }

            if (ReadSegment(segments[i], i == segments.Length - 1, replay))
            {
                last = segments[i];
            }
        }

        return last;
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
            try
            {
                SnapshotFile.Read(storage, number, load);
                return number;
            }
            catch (StorageException) when (repair)
            {
                SetAside(FileNames.Snapshot(number));
            }
        }

        return 0;
    }

    // False where a crash left a file without a header, which is gone then.
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

        if (isLast && end.SoundLength == 0)
        {
            storage.Delete(name);
            storage.SyncFolder();
            return false;
        }

        if (isLast && end.SoundLength < bytes.Length)
        {
            Recovery.CutBytes += bytes.Length - end.SoundLength;
            using var segment = storage.Append(name);
            segment.Truncate(end.SoundLength);
            segment.Sync();
        }

        return true;
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
