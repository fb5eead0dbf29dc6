using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Journal.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class EventJournalTests
{
    private readonly PowerCutFolder _disk = new();

    [Fact]
    public void Open_EmptyFolder_HasNothing()
    {
        using var commits = Commits.Open(_disk);
        Assert.Empty(commits.Words);
        Assert.Equal((0, 0L, 0L), (commits.Recovery.Commits, commits.Recovery.CutBytes, commits.Recovery.SkippedBytes));
    }

    [Fact]
    public void Append_ThenOpenAgain_GivesEveryCommitInOrder()
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a", "b");
        }

        using (var commits = Commits.Open(_disk))
        {
            Assert.Equal(["a", "b"], commits.Words);
            commits.Append("c");
        }

        Assert.Equal(["a", "b", "c"], Commits.Read(_disk));
    }

    [Fact]
    public void Append_LargerThanAFrame_IsRefusedBeforeItIsWritten()
    {
        using var commits = Commits.Open(_disk);
        commits.Append("a");
        var large = new Commit();
        large.Entries.Add(Enumerable.Repeat(new Entry { SenderId = new string('x', 1 << 20) }, 65));

        Assert.Throws<InvalidOperationException>(() => commits.Journal.Append(large));
        commits.Append("b");

        Assert.Equal(["a", "b"], Commits.Read(_disk));
    }

    [Fact]
    public void Snapshot_ReplacesWhatCameBefore()
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a", "b");
            commits.Snapshot();
            Assert.Equal(0, commits.Journal.BytesSinceSnapshot);
            commits.Append("c");
        }

        Assert.Equal([FileNames.Segment(2), FileNames.Snapshot(2)], _disk.List().Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b", "c"], Commits.Read(_disk));
    }

    [Fact]
    public void Snapshot_AfterAnother_LeavesOneOfThem()
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a");
            commits.Snapshot();
            commits.Append("b");
            commits.Snapshot();
        }

        Assert.Equal([FileNames.Segment(3), FileNames.Snapshot(3)], _disk.List().Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b"], Commits.Read(_disk));
    }

    [Fact]
    public void WantsSnapshot_SoManyBytesBehindTheLast_IsTrueAlsoAfterARestart()
    {
        var options = new JournalOptions { SnapshotAfter = 100 };
        using (var journal = EventJournal.Open(_disk, options, _ => { }, _ => { }, out _))
        {
            Assert.False(journal.WantsSnapshot);
            journal.Append(new Commit { Entries = { new Entry { SenderId = new string('x', 100) } } });
            Assert.True(journal.WantsSnapshot);
        }

        using var again = EventJournal.Open(_disk, options, _ => { }, _ => { }, out _);
        Assert.True(again.WantsSnapshot);
    }

    [Fact]
    public void Open_UnfinishedSnapshot_IsRemoved()
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a");
        }

        _disk[FileNames.Snapshot(2) + FileNames.Temporary] = [1, 2, 3];

        Assert.Equal(["a"], Commits.Read(_disk));
        Assert.DoesNotContain(_disk.List(), name => name.EndsWith(FileNames.Temporary, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_TornTail_IsCutOffAndToldOf()
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a", "b");
        }

        _disk[FileNames.Segment(1)] = _disk[FileNames.Segment(1)][..^1];
        using (var commits = Commits.Open(_disk))
        {
            Assert.Equal(["a"], commits.Words);
            Assert.Equal(Frame.HeaderLength + 5 - 1, commits.Recovery.CutBytes);
            commits.Append("c");
        }

        Assert.Equal(["a", "c"], Commits.Read(_disk));
    }

    [Fact]
    public void Open_TailThatSurvivedAKill_IsMadeDurableBeforeAnythingElse()
    {
        var commits = Commits.Open(_disk);
        commits.Append("a");
        _disk.StopAt = _disk.Operations + 2; // the write is done, the sync is not
        Assert.Throws<PowerCutException>(() => commits.Append("b"));

        Assert.Equal(["a", "b"], Commits.Read(_disk.AfterKill()));
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Equal(["a", "b"], Commits.Read(_disk.AfterCut(new Random(seed))));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_ManyRestartsWithNothingNew_LeaveFewFiles(bool afterSnapshot)
    {
        using (var commits = Commits.Open(_disk))
        {
            commits.Append("a");
            if (afterSnapshot)
            {
                commits.Snapshot();
            }
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(["a"], Commits.Read(_disk));
        }

        Assert.InRange(_disk.List().Count, 1, 3);
    }
}
