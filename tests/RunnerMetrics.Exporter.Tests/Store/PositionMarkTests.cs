using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A store that is not where it was is noticed, and no other.</summary>
public sealed class PositionMarkTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Noon);
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _backup = new();

    private string Mark => Path.Combine(_folder.Path, PositionMark.Name);

    [Fact]
    public void Open_NewStoreAndEveryStartAfterIt_IsNotBehind()
    {
        for (var start = 0; start < 3; start++)
        {
            using var words = Open();
            Assert.Equal((false, null), (words.Recovery.IsBehindMark, words.Recovery.RestoredAt));
            words.Append("a");
        }
    }

    [Fact]
    public void Open_Killed_IsNotBehind()
    {
        using (var words = Open())
        {
            words.Append("a", "b");
            Copy(_folder.Path, _backup.Path);
        }

        using var killed = WordStore.Open(_backup.Path, time: _time);
        Assert.Equal((2, false), (killed.Words.Count, killed.Recovery.IsBehindMark));
    }

    [Fact]
    public void Open_EarlierCopyOfTheStore_IsBehindOnceAndSaysWhenFromThenOn()
    {
        TakeBackupAndGoOn();
        WordStore.Copy(_backup.Path, _folder.Path);
        _time.Advance(TimeSpan.FromHours(1));

        using (var restored = Open())
        {
            Assert.Equal((true, Noon.AddHours(1)), (restored.Recovery.IsBehindMark, restored.Recovery.RestoredAt));
        }

        _time.Advance(TimeSpan.FromHours(1));
        using var next = Open();
        Assert.Equal((false, Noon.AddHours(1)), (next.Recovery.IsBehindMark, next.Recovery.RestoredAt));
    }

    [Fact]
    public void Open_CopyInAnEmptyFolder_IsBehind()
    {
        TakeBackupAndGoOn();

        using var restored = WordStore.Open(_backup.Path, time: _time);
        Assert.True(restored.Recovery.IsBehindMark);
    }

    [Fact]
    public void Open_StoreThatWasDeleted_IsBehind()
    {
        TakeBackupAndGoOn();
        File.Delete(Path.Combine(_folder.Path, StoreFile.Name));

        using var begun = Open();
        Assert.Equal((0, true), (begun.Words.Count, begun.Recovery.IsBehindMark));
    }

    [Fact]
    public void Open_MarkThatIsNone_IsBehind()
    {
        TakeBackupAndGoOn();
        File.WriteAllText(Mark, "twelve\n");

        using var words = Open();
        Assert.True(words.Recovery.IsBehindMark);
    }

    [Fact]
    public void Step_AMinuteAfterTheLastMark_MarksWhatIsNew()
    {
        using var words = Open();
        words.Append("a");
        words.Work();
        Assert.StartsWith("0\n", File.ReadAllText(Mark), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(1));
        words.Work();
        Assert.StartsWith("1\n", File.ReadAllText(Mark), StringComparison.Ordinal);
        Assert.False(words.Store.HasWork);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _backup.Dispose();
    }

    private WordStore Open() => WordStore.Open(_folder.Path, time: _time);

    private void TakeBackupAndGoOn()
    {
        using (var words = Open())
        {
            words.Append("a");
        }

        WordStore.Copy(_folder.Path, _backup.Path);
        using var later = Open();
        later.Append("b");
    }

    private static void Copy(string folder, string to)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
