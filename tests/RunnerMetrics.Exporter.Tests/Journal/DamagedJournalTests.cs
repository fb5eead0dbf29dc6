using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class DamagedJournalTests
{
    private readonly PowerCutFolder _disk = new();

    [Fact]
    public void Open_DamageInTheMiddle_SaysFileOffsetAndWhatToDo()
    {
        Write(["a", "b", "c"]);
        Flip(FileNames.Segment(1), -20);

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk));

        Assert.StartsWith($"/disk/{FileNames.Segment(1)} is damaged at offset 27: what follows from offset 44 can be read. ", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("Restore the folder from a backup, or start once with --repair to keep everything readable and set the rest aside", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamageWithRepair_KeepsEverythingReadableAndTheOldFileAside()
    {
        Write(["a", "b", "c"]);
        Flip(FileNames.Segment(1), -20);
        var damaged = _disk[FileNames.Segment(1)];
        using (var commits = Commits.Open(_disk, repair: true))
        {
            Assert.Equal(["a", "c"], commits.Words);
            Assert.Equal(17, commits.Recovery.SkippedBytes);
            Assert.Equal([FileNames.Segment(1) + ".damaged"], commits.Recovery.SetAside);
            Assert.True(commits.Recovery.IsRepaired);
            commits.Snapshot();
        }

        Assert.Equal(damaged, _disk[FileNames.Segment(1) + ".damaged"]);
        Assert.Equal(["a", "c"], Commits.Read(_disk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_MissingSegment_SaysWhichAndWhatToDo(int missing)
    {
        Write(["a"]);
        Write(["b"]);
        Write(["c"]);
        _disk.Delete(FileNames.Segment(missing));

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk));

        Assert.Equal(
            $"/disk/{FileNames.Segment(missing)} is missing: restore the folder from a backup, or start once with --repair to go on without it", problem.Message);
    }

    [Fact]
    public void Open_MissingFirstSegmentBehindASnapshot_SaysWhich()
    {
        Write(["a"], snapshot: true);
        Write(["b"]);
        _disk.Delete(FileNames.Segment(2));

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk));

        Assert.StartsWith($"/disk/{FileNames.Segment(2)} is missing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingSegmentWithRepair_GoesOnWithoutItAndSaysSo()
    {
        Write(["a"]);
        Write(["b"]);
        Write(["c"]);
        _disk.Delete(FileNames.Segment(2));
        using (var commits = Commits.Open(_disk, repair: true))
        {
            Assert.Equal(["a", "c"], commits.Words);
            Assert.Equal([FileNames.Segment(2)], commits.Recovery.Missing);
            Assert.True(commits.Recovery.IsRepaired);
            commits.Snapshot();
        }

        Assert.Equal(["a", "c"], Commits.Read(_disk));
    }

    [Fact]
    public void Open_DamagedSnapshot_SaysFileAndWhatToDo()
    {
        Write(["a"], snapshot: true);
        Flip(FileNames.Snapshot(2), -1);

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk));

        Assert.Equal(
            $"/disk/{FileNames.Snapshot(2)} is damaged: restore the folder from a backup, or start once with --repair to set the snapshot aside and keep what the segments say",
            problem.Message);
    }

    [Fact]
    public void Open_DamagedSnapshotWithRepair_KeepsWhatTheSegmentsSay()
    {
        Write(["a"], snapshot: true);
        Write(["b"]);
        Flip(FileNames.Snapshot(2), -1);
        var length = _disk[FileNames.Snapshot(2)].Length;
        using (var commits = Commits.Open(_disk, repair: true))
        {
            Assert.Equal(["b"], commits.Words);
            Assert.Equal([FileNames.Snapshot(2) + ".damaged"], commits.Recovery.SetAside);
            Assert.Equal(length, commits.Recovery.SkippedBytes);
            commits.Snapshot();
        }

        Assert.Equal(["b"], Commits.Read(_disk));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_SegmentOfALaterFormat_IsRefusedAndLeftAlone(bool repair)
    {
        Write(["a"]);
        var later = _disk[FileNames.Segment(1)];
        later[EventJournal.Header.Length - 1]++;

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk, repair));

        Assert.Equal($"/disk/{FileNames.Segment(1)} has the format version 2, and this program knows 1: run the version that wrote it, or a later one", problem.Message);
        Assert.Equal([FileNames.Segment(1)], _disk.List());
        Assert.Equal(later, _disk[FileNames.Segment(1)]);
    }

    private void Write(IEnumerable<string> words, bool snapshot = false)
    {
        using var commits = Commits.Open(_disk);
        commits.Append(words);
        if (snapshot)
        {
            commits.Snapshot();
        }
    }

    private void Flip(string name, int fromEnd)
    {
        var bytes = (byte[])_disk[name].Clone();
        bytes[bytes.Length + fromEnd] ^= 4;
        _disk[name] = bytes;
    }
}
