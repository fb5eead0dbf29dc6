using Microsoft.Data.Sqlite;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

public sealed class StoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private string Folder => Path.Combine(_root.Path, "data");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Repair_DamagedCommit_KeepsTheOthersAndTheOldFile()
    {
        Write(snapshot: false);
        Sql("UPDATE event SET payload = x'00' WHERE position = 2");
        Assert.Equal(1, Run("check"));
        var damaged = File.ReadAllBytes(Path.Combine(Folder, StoreFile.Name));

        Assert.Equal(0, Run("repair"));

        Assert.Equal(damaged, File.ReadAllBytes(Path.Combine(Folder, StoreFile.Name + ".damaged")));
        Assert.Equal(0, Run("check"));
        Assert.Equal(["a", "c", "d"], WordStore.Read(Folder));
    }

    [Fact]
    public void Repair_CommitBehindASnapshot_KeepsTheSnapshot()
    {
        Write(snapshot: true);
        Sql("DELETE FROM event");
        Assert.Equal(1, Run("check"));

        Assert.Equal(0, Run("repair"));

        Assert.Equal(["a", "b", "c"], WordStore.Read(Folder));
    }

    [Fact]
    public void Repair_DamagedSnapshot_KeepsTheCommitsBehindIt()
    {
        Write(snapshot: true);
        Sql("UPDATE snapshot_chunk SET payload = x'00'");

        Assert.Equal(0, Run("repair"));

        Assert.Equal(["d"], WordStore.Read(Folder));
    }

    [Fact]
    public void Repair_SoundStore_ChangesNothing()
    {
        Write(snapshot: true);

        Assert.Equal(0, Run("repair"));

        Assert.Equal(["a", "b", "c", "d"], WordStore.Read(Folder));
    }

    [Fact]
    public void Backup_OfARunningStore_HoldsWhatWasCommittedAndCanBeRestored()
    {
        var restored = Directory.CreateDirectory(Path.Combine(_root.Path, "restored")).FullName;
        using (var words = WordStore.Open(Folder))
        {
            words.Append("a", "b");
            Assert.Equal(0, Run("backup", Path.Combine(restored, StoreFile.Name)));
            words.Append("c");
            Assert.Equal(1, Run("backup", Path.Combine(restored, StoreFile.Name))); // It is there already.
        }

        using var again = WordStore.Open(restored);
        Assert.Equal(["a", "b"], again.Words);
        again.Append("d");
    }

    [Fact]
    public void Check_FolderWithoutAStore_Fails()
    {
        Directory.CreateDirectory(Folder);

        Assert.Equal(1, Run("check"));
    }

    private int Run(params string[] arguments) =>
        StoreCommand.Make(new ExporterCommand(_ => null)).Parse([.. arguments, "--data", Folder]).Invoke();

    private void Write(bool snapshot)
    {
        using var words = WordStore.Open(Folder);
        words.Append("a", "b", "c");
        if (snapshot)
        {
            words.Snapshot();
            words.Work();
        }

        words.Append("d");
    }

    private void Sql(string sql)
    {
        using var connection = StoreFile.Connect(Path.Combine(Folder, StoreFile.Name), SqliteOpenMode.ReadWrite);
        StoreFile.Run(connection, sql);
    }
}
