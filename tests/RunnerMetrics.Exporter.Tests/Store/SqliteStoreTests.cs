using Microsoft.Data.Sqlite;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private string Folder => Path.Combine(_root.Path, "data");

    private string Database => Path.Combine(Folder, StoreFile.Name);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Open_AfterACleanEnd_ReadsEveryCommitInOrderAndNoLogIsLeft()
    {
        Write("a", "b", "c");

        Assert.False(File.Exists(Database + "-wal"));
        Assert.Equal(["a", "b", "c"], WordStore.Read(Folder));
    }

    [Fact]
    public void Open_OnlyItsUser_CanReadTheFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes on Windows.");
        using var words = WordStore.Open(Folder);
        words.Append("a");

        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Append_KilledBehindIt_IsReadAgain()
    {
        using var words = WordStore.Open(Folder);
        for (var word = 0; word < 30; word++)
        {
            words.Append($"w{word}");
            Assert.Equal(words.Words, ReadCopy());
        }
    }

    [Fact]
    public void Snapshot_KilledBehindEveryStep_KeepsEveryWord()
    {
        using var words = WordStore.Open(Folder, new StoreOptions { ChunkLength = 100, KeepsHistory = false });
        words.Work();
        for (var round = 0; round < 3; round++)
        {
            words.Append(Enumerable.Range(0, 60).Select(word => $"r{round}w{word}"));
            words.Snapshot();
            Assert.Equal(0, words.Store.BytesSinceSnapshot);
            var steps = 0;
            for (; words.Store.HasWork; steps++)
            {
                words.Append($"r{round}beside{steps}");
                words.Store.Step();
                Assert.Equal(words.Words, ReadCopy());
            }

            Assert.InRange(steps, 5, 100);
            Assert.Equal(round + 1, words.Store.Snapshots);
        }

        Assert.InRange(Count("event"), 1, 100);
        Assert.Equal(1, Count("snapshot"));
    }

    [Fact]
    public void Snapshot_CutShortByAnotherLife_IsNothingAndTheNextOneCounts()
    {
        using (var words = WordStore.Open(Folder, new StoreOptions { ChunkLength = 10 }))
        {
            words.Append("a", "b", "c", "d", "e", "f", "g", "h");
            words.Snapshot();
            words.Store.Step();
            words.Append("i");
        }

        using (var words = WordStore.Open(Folder))
        {
            Assert.Equal(9, words.Recovery.Commits);
            words.Snapshot();
            words.Append("j");
            words.Work();
        }

        using var again = WordStore.Open(Folder);
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], again.Words);
        Assert.Equal(1, again.Recovery.Commits);
        Assert.Equal(1, Count("snapshot_chunk"));
    }

    // What a rollback relies on.
    [Fact]
    public void Open_LaterVersionThatOnlyAdded_GoesOnWithIt()
    {
        Write("a");
        Sql("CREATE TABLE added (id INTEGER PRIMARY KEY); ALTER TABLE job ADD COLUMN added TEXT; ALTER TABLE deployment ADD COLUMN added TEXT; CREATE INDEX job_added ON job (added)");
        Sql($"PRAGMA user_version = {(1 << 16) | 2}");

        Write("b");

        Assert.Equal(["a", "b"], WordStore.Read(Folder));
    }

    [Fact]
    public void Open_LaterVersion_IsRefusedAndLeftAlone()
    {
        Write("a");
        Sql($"PRAGMA user_version = {(2 << 16) | 3}");
        var before = File.ReadAllBytes(Database);

        var problem = Assert.Throws<StorageException>(() => WordStore.Open(Folder));

        Assert.Equal($"{Database} has version 3, which programs from version 2 on can read, and this program supports 1: run the version that wrote it, or a later one", problem.Message);
        Assert.Equal(before, File.ReadAllBytes(Database));
    }

    [Fact]
    public void Open_ForeignDatabase_IsRefused()
    {
        Write("a");
        Sql("PRAGMA application_id = 7");

        Assert.Contains("it is not a store of this program", Assert.Throws<StorageException>(() => WordStore.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderOfAnotherExporter_SaysSo()
    {
        using var first = WordStore.Open(Folder);

        Assert.StartsWith($"{Folder} is in use by another exporter", Assert.Throws<StorageException>(() => WordStore.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileOpenInAnotherProgram_SaysSo()
    {
        Write("a");
        using var other = StoreFile.Connect(Database, SqliteOpenMode.ReadWrite);
        StoreFile.Run(other, "BEGIN IMMEDIATE");

        Assert.Equal($"{Database} is in use by another program: stop it", Assert.Throws<StorageException>(() => WordStore.Open(Folder)).Message);
    }

    [Fact]
    public void Open_LogWithoutItsFile_IsRefused()
    {
        using (var words = WordStore.Open(Folder))
        {
            words.Append("a");
            WordStore.Copy(Folder, CopyFolder);
        }

        File.Delete(Path.Combine(CopyFolder, StoreFile.Name));

        Assert.Contains("is missing, and its write-ahead log is there", Assert.Throws<StorageException>(() => WordStore.Open(CopyFolder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM event WHERE position = 2", "commit 2 is missing")]
    [InlineData("DELETE FROM event WHERE position = 3", "commit 3 is missing")]
    [InlineData("DELETE FROM event", "commit 1 is missing")]
    [InlineData("DELETE FROM tail", "the position of its last commit is missing or wrong")]
    [InlineData("UPDATE tail SET position = 2", "the position of its last commit is missing or wrong")]
    [InlineData("UPDATE event SET payload = x'00' WHERE position = 1", "commit 1 has a wrong checksum")]
    [InlineData("UPDATE event SET position = 9 WHERE position = 3", "commit 3 is missing")]
    public void Open_DamagedCommits_SaysWhatAndWhatToDo(string damage, string what)
    {
        Write("a", "b", "c");
        Sql(damage);

        var problem = Assert.Throws<StorageException>(() => WordStore.Open(Folder));

        Assert.Equal(
            $"{Database} is damaged ({what}): restore the data folder from a backup, or run 'runner-metrics-exporter store repair' to keep what can be read", problem.Message);
    }

    [Theory]
    [InlineData("DELETE FROM snapshot", "commit 1 is missing")]
    [InlineData("UPDATE snapshot SET position = 2", "the snapshot's row is invalid")]
    [InlineData("DELETE FROM snapshot_chunk", "a part of the snapshot is missing")]
    [InlineData("UPDATE snapshot_chunk SET payload = x'0161'", "a part of the snapshot has a wrong checksum")]
    public void Open_DamagedSnapshot_SaysWhatAndWhatToDo(string damage, string what)
    {
        using (var words = WordStore.Open(Folder))
        {
            words.Append("a", "b", "c");
            words.Snapshot();
            words.Work();
            words.Append("d");
        }

        Sql(damage);

        Assert.StartsWith($"{Database} is damaged ({what})", Assert.Throws<StorageException>(() => WordStore.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_FileLockedThenFree_FailsAndThenGoesOn()
    {
        using var words = WordStore.Open(Folder);
        words.Append("a");
        using (var other = StoreFile.Connect(Database, SqliteOpenMode.ReadWrite))
        {
            StoreFile.Run(other, "BEGIN IMMEDIATE");
            Assert.Contains("another program has locked", Assert.Throws<IOException>(() => words.Append("b")).Message, StringComparison.Ordinal);
        }

        words.Append("c");
        Assert.Equal(["a", "c"], ReadCopy());
    }

    [Fact]
    public void Append_FileGone_FailsUntilItIsBack()
    {
        using var words = WordStore.Open(Folder);
        words.Append("a");
        File.Move(Database, Database + ".away");
        Assert.Contains("is missing", Assert.Throws<IOException>(() => words.Append("b")).Message, StringComparison.Ordinal);
        File.Move(Database + ".away", Database);
        words.Append("c");

        Assert.Equal(["a", "c"], ReadCopy());
    }

    private string CopyFolder => Path.Combine(_root.Path, "copy");

    private List<string> ReadCopy()
    {
        if (Directory.Exists(CopyFolder))
        {
            Directory.Delete(CopyFolder, recursive: true);
        }

        WordStore.Copy(Folder, CopyFolder);
        return WordStore.Read(CopyFolder);
    }

    private void Write(params string[] words)
    {
        using var store = WordStore.Open(Folder);
        store.Append(words);
    }

    private void Sql(string sql)
    {
        using var connection = StoreFile.Connect(Database, SqliteOpenMode.ReadWrite);
        StoreFile.Run(connection, sql);
    }

    private long Count(string table)
    {
        using var connection = StoreFile.Connect(Database, SqliteOpenMode.ReadWrite);
        return (long)StoreFile.Value(connection, $"SELECT count(*) FROM {table}")!;
    }
}
