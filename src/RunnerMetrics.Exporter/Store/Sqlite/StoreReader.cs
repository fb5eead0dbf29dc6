using System.Globalization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>Reads what a store kept: the snapshot, and every commit behind it, each verified by its checksum, and none missing.</summary>
internal sealed class StoreReader(string path)
{
    public StoreRecovery Recovery { get; } = new();

    /// <summary>The snapshot's number; 0 if there is none.</summary>
    public long Snapshot { get; private set; }

    /// <summary>The position of the last commit.</summary>
    public long Position { get; private set; }

    /// <exception cref="StorageException">It is damaged, or a later version's.</exception>
    public void Read(Action<Stream> load, Action<Commit> replay)
    {
        Recovery.CutBytes = WriteAheadLog.Inspect(path);
        try
        {
            using var connection = StoreFile.OpenForRecovery(path);
            ReadFrom(connection, load, replay);
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED ? new StorageException($"{path} is in use by another program: stop it", e)
                : e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR ? Damaged(e.Message, e)
                : new StorageException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what an open connection shows.</summary>
    public void ReadFrom(SqliteConnection connection, Action<Stream> load, Action<Commit> replay)
    {
        CheckVersion(connection);
        var from = ReadSnapshot(connection, load);
        ReadEvents(connection, from, replay);
    }

    private void CheckVersion(SqliteConnection connection)
    {
        var both = StoreFile.Value(connection, "PRAGMA user_version") as long? ?? 0;
        var (version, minimumReader) = (both & 0xFFFF, both >> 16);
        if (StoreFile.Value(connection, "PRAGMA application_id") as long? != Schema.ApplicationId || version < 1 || minimumReader < 1)
        {
            throw Damaged("it is not a store of this program");
        }

        if (minimumReader > Schema.Version)
        {
            throw new StorageException(
                $"{path} has version {version}, which programs from version {minimumReader} on can read, and this program supports {Schema.Version}: run the version that wrote it, or a later one");
        }
    }

    /// <summary>Reads the snapshot.</summary>
    /// <returns>The position of the last commit that it holds; 0 if there is none.</returns>
    public long ReadSnapshot(SqliteConnection connection, Action<Stream> load)
    {
        using var rows = new Statement(connection, "SELECT id, position, chunks, crc FROM snapshot ORDER BY id DESC LIMIT 1");
        using var row = rows.Query();
        if (!row.Read())
        {
            return 0;
        }

        var (id, position, chunks) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        if (row.GetInt64(3) != Checksum.Of([], id, position, chunks) || chunks < 1)
        {
            throw Damaged("the snapshot's row is invalid");
        }

        Snapshot = id;
        using var statement = new Statement(connection, "SELECT id, payload, crc FROM snapshot_chunk WHERE id >= $1 ORDER BY id");
        using var reader = statement.Query(Chunk(id, 0));
        try
        {
            using var bytes = new ChunkStream(reader, id, chunks, Damaged);
            load(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new StorageException($"{path} cannot be read: {e.Message}", e);
        }

        return position;
    }

    private void ReadEvents(SqliteConnection connection, long from, Action<Commit> replay)
    {
        using (var tail = new Statement(connection, "SELECT position, crc FROM tail"))
        using (var row = tail.Query())
        {
            if (!row.Read() || row.GetInt64(1) != Checksum.Of([], row.GetInt64(0)) || row.GetInt64(0) < from)
            {
                throw Damaged("the position of its last commit is missing or wrong");
            }

            Position = row.GetInt64(0);
        }

        using var events = new Statement(connection, "SELECT position, payload, crc FROM event WHERE position > $1 ORDER BY position");
        using var rows = events.Query(from);
        var position = from;
        while (rows.Read())
        {
            var payload = rows.GetFieldValue<byte[]>(1);
            if (rows.GetInt64(0) != position + 1)
            {
                throw Missing(position + 1);
            }

            position++;
            if (rows.GetInt64(2) != Checksum.Of(payload, position))
            {
                throw Damaged(string.Create(CultureInfo.InvariantCulture, $"commit {position} has a wrong checksum"));
            }

            replay(Parse(payload));
            Recovery.Commits++;
            Recovery.ReplayedBytes += payload.Length;
        }

        if (position != Position)
        {
            throw position < Position ? Missing(position + 1) : Damaged("it contains a commit after its last one");
        }
    }

    /// <summary>The position of a chunk of a snapshot.</summary>
    public static long Chunk(long snapshot, long number) => (snapshot << 32) + number;

    private Commit Parse(byte[] payload)
    {
        try
        {
            return Commit.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new StorageException($"{path} contains a commit that cannot be read: run the version of the exporter that wrote it, or a later one", e);
        }
    }

    private StorageException Missing(long position) => Damaged(string.Create(CultureInfo.InvariantCulture, $"commit {position} is missing"));

    private StorageException Damaged(string what) => Damaged(what, null);

    private StorageException Damaged(string what, Exception? cause)
    {
        var message = $"{path} is damaged ({what}): restore the data folder from a backup, or run 'runner-metrics-exporter store repair' to keep what can be read";
        return cause is null ? new StorageException(message) : new StorageException(message, cause);
    }
}
