using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>Files that a disk changed or cut, opened again: what was acknowledged is there, or the start is refused.</summary>
public sealed class DamageTests : IDisposable
{
    private const int FrameLength = 24 + 4096;

    private readonly TemporaryFolder _root = new();
    private readonly List<string> _words;
    private readonly byte[] _database;
    private readonly byte[] _log;

    public DamageTests()
    {
        var folder = Path.Combine(_root.Path, "data");
        using var words = WordStore.Open(folder, new StoreOptions { ChunkLength = 500 });
        words.Append(Enumerable.Range(0, 200).Select(word => $"before{word}"));
        words.Snapshot();
        words.Work();
        words.Append(Enumerable.Range(0, 100).Select(word => $"behind{word}"));
        using (var connection = StoreFile.Connect(Path.Combine(folder, StoreFile.Name), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            StoreFile.Checkpoint(connection);
        }

        words.Append("log1", "log2", "log3", "log4");
        _words = [.. words.Words];
        WordStore.Copy(folder, Damaged);
        _database = File.ReadAllBytes(Database);
        _log = File.ReadAllBytes(Log);
    }

    private string Damaged => Path.Combine(_root.Path, "damaged");

    private string Database => Path.Combine(Damaged, StoreFile.Name);

    private string Log => Database + "-wal";

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Open_ByteFlippedAnywhere_IsRefusedOrLosesNothing()
    {
        var random = new Random(17);
        var (wrong, refused) = (new List<string>(), 0);
        for (var flip = 0; flip < LongProof.Of(slice: 400, whole: 2000); flip++)
        {
            var isInLog = flip % 2 == 0;
            var (database, log) = ((byte[])_database.Clone(), (byte[])_log.Clone());
            var bytes = isInLog ? log : database;
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            switch (Open(database, log))
            {
                case null:
                    refused++;
                    break;
                case var words when !words.SequenceEqual(_words):
                    wrong.Add($"{(isInLog ? "log" : "database")} at {at}: {words.Count} words, the last {words.LastOrDefault()}");
                    break;
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(refused, 100, 2000);
    }

    [Fact]
    public void Open_LogCutAnywhereInTheLastTransaction_IsAStateThatWasTrue()
    {
        var frames = (_log.Length - 32) / FrameLength;
        Assert.InRange(frames, 8, 40);
        for (var length = 32 + ((frames - 2) * FrameLength); length < _log.Length; length += 515)
        {
            Assert.Equal(_words[..^1], Open(_database, _log[..length]));
        }
    }

    [Fact]
    public void Open_FrameOfAnEarlierTransactionWipedOut_IsRefused()
    {
        var frames = (_log.Length - 32) / FrameLength;
        for (var frame = 0; frame < frames - 4; frame++)
        {
            var log = (byte[])_log.Clone();
            log.AsSpan(32 + (frame * FrameLength), FrameLength).Clear();
            Assert.Null(Open(_database, log));
        }
    }

    [Fact]
    public void Open_LastFrameWipedOut_WasNeverAcknowledged()
    {
        var log = (byte[])_log.Clone();
        log.AsSpan(log.Length - FrameLength).Clear();

        Assert.Equal(_words[..^1], Open(_database, log));
    }

    // Null if the start is refused. What can be opened can be written to, or says that it cannot, and loses nothing by it.
    private List<string>? Open(byte[] database, byte[] log)
    {
        foreach (var file in Directory.EnumerateFiles(Damaged))
        {
            File.Delete(file);
        }

        File.WriteAllBytes(Database, database);
        File.WriteAllBytes(Log, log);
        try
        {
            using var words = WordStore.Open(Damaged);
            return words.Words;
        }
        catch (StorageException)
        {
            return null;
        }
    }
}
