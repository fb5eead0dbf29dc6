using Microsoft.Data.Sqlite;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;
using SQLitePCL;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>Builds a new store from what can be read of a damaged one, which is renamed.</summary>
internal sealed class StoreRepair(string path)
{
    /// <summary>How many commits were kept.</summary>
    public long Kept { get; private set; }

    /// <summary>How many commits, up to the last one that is known of, could not be read.</summary>
    public long Lost { get; private set; }

    /// <summary>Whether there was a snapshot that could not be read.</summary>
    public bool IsWithoutSnapshot { get; private set; }

    /// <summary>How many jobs and deployments of the history were kept.</summary>
    public long History { get; private set; }

    /// <summary>Reads the store at the path, and writes what can be kept into another, empty one.</summary>
    public void CopyTo(string other)
    {
        // The header says whether SQLite reads the log; a damaged one must not have it left out.
        RepairHeader();
        using var from = StoreFile.Connect(path, SqliteOpenMode.ReadWrite);
        using var to = StoreFile.Connect(other, SqliteOpenMode.ReadWrite);
        _ = raw.sqlite3_db_config(from.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        StoreFile.Run(to, "BEGIN IMMEDIATE");
        var position = CopySnapshot(from, to);
        CopyCommits(from, to, position);
        History = CopyRows(from, to, "job", 22) + CopyRows(from, to, "deployment", 12);
        StoreFile.Run(to, "COMMIT");
        StoreFile.Checkpoint(to);
    }

    private void RepairHeader()
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Write("SQLite format 3\0"u8);
        file.Position = 18;
        file.Write([2, 2]);
    }

    private long CopySnapshot(SqliteConnection from, SqliteConnection to)
    {
        try
        {
            var reader = new StoreReader(path);
            var position = reader.ReadSnapshot(from, Drain);
            if (position > 0)
            {
                Copy(from, to, FormattableString.Invariant($"SELECT * FROM snapshot WHERE id = {reader.Snapshot}"), "snapshot", 4);
                Copy(from, to, FormattableString.Invariant(
                    $"SELECT * FROM snapshot_chunk WHERE id >= {StoreReader.Chunk(reader.Snapshot, 0)} AND id < {StoreReader.Chunk(reader.Snapshot + 1, 0)}"), "snapshot_chunk", 3);
                return position;
            }
        }
        catch (Exception e) when (e is StorageException or SqliteException)
        {
            // What only the snapshot held is gone.
            IsWithoutSnapshot = true;
        }

        return 0;
    }

    private void CopyCommits(SqliteConnection from, SqliteConnection to, long position)
    {
        var first = position > 0 ? position + 1 : Try(from, "SELECT min(position) FROM event") ?? 1;
        var last = Math.Max(Try(from, "SELECT position FROM tail") ?? 0, Try(from, "SELECT max(position) FROM event") ?? 0);
        IsWithoutSnapshot |= position == 0 && first > 1;
        using var insert = new Statement(to, "INSERT INTO event VALUES ($1, $2, $3)");
        for (var at = first; at <= last; at++)
        {
            if (PayloadAt(from, at) is not { } payload)
            {
                Lost++;
                continue;
            }

            position++;
            insert.Execute(position, payload, Checksum.Of(payload, position));
            Kept++;
        }

        using var tail = new Statement(to, "UPDATE tail SET position = $1, crc = $2");
        tail.Execute(position, Checksum.Of([], position));
    }

    private static byte[]? PayloadAt(SqliteConnection from, long position)
    {
        try
        {
            using var statement = new Statement(from, "SELECT payload, crc FROM event WHERE position = $1");
            using var row = statement.Query(position);
            if (row.Read() && row.GetFieldValue<byte[]>(0) is var payload && row.GetInt64(1) == Checksum.Of(payload, position))
            {
                _ = Commit.Parser.ParseFrom(payload);
                return payload;
            }
        }
        catch (Exception e) when (e is SqliteException or Google.Protobuf.InvalidProtocolBufferException or InvalidCastException)
        {
            // It is one of those that are lost.
        }

        return null;
    }

    private static long CopyRows(SqliteConnection from, SqliteConnection to, string table, int columns)
    {
        try
        {
            return Copy(from, to, $"SELECT * FROM {table} ORDER BY id", table, columns);
        }
        catch (SqliteException)
        {
            return (long)StoreFile.Value(to, $"SELECT count(*) FROM {table}")!;
        }
    }

    private static long Copy(SqliteConnection from, SqliteConnection to, string select, string table, int columns)
    {
        var count = 0L;
        using var insert = new Statement(to, $"INSERT OR IGNORE INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(number => FormattableString.Invariant($"${number}")))})");
        using var statement = new Statement(from, select);
        using var rows = statement.Query();
        var values = new object?[columns];
        while (rows.Read())
        {
            for (var i = 0; i < columns; i++)
            {
                values[i] = rows.GetValue(i);
            }

            count += insert.Execute(values);
        }

        return count;
    }

    private static long? Try(SqliteConnection from, string sql)
    {
        try
        {
            return StoreFile.Value(from, sql) as long?;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    public static void Drain(Stream stream) => stream.CopyTo(Stream.Null);
}
