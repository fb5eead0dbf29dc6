using Microsoft.Data.Sqlite;
using RunnerMetrics.Hosting.Folders;
using SQLitePCL;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>The file of a store: how it is made and opened, and what its errors mean.</summary>
internal static class StoreFile
{
    /// <summary>Its name in the data folder. Beside it stand SQLite's own <c>-wal</c> and <c>-shm</c>.</summary>
    public const string Name = "store.db";

    private const int NoSpace = 28; // ENOSPC, which .NET keeps as it is in HResult

    /// <summary>Makes an empty store if there is none. It gets its name when it is whole.</summary>
    public static void CreateIfMissing(DiskFolder storage)
    {
        var path = Path.Combine(storage.Folder, Name);
        if (File.Exists(path))
        {
            return;
        }

        if (File.Exists(path + "-wal"))
        {
            throw new StorageException($"{path} is missing, and its write-ahead log is there: restore {Name} from a backup, or move {Name}-wal away to begin at 0");
        }

        CreateNew(storage, Name + ".new");
        storage.Rename(Name + ".new", Name);
        storage.SyncFolder();
    }

    /// <summary>Makes an empty store under a name of its own.</summary>
    public static void CreateNew(DiskFolder storage, string file)
    {
        foreach (var name in storage.List().Where(name => name.StartsWith(file, StringComparison.Ordinal)))
        {
            storage.Delete(name);
        }

        storage.Create(file).Dispose();
        using var connection = Connect(Path.Combine(storage.Folder, file), SqliteOpenMode.ReadWrite);
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");
        Run(connection, FormattableString.Invariant(
            $"BEGIN; {Schema.Tables} INSERT INTO tail VALUES (1, 0, {Checksum.Of([], 0)}); PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.UserVersion}; COMMIT"));
        Checkpoint(connection);
    }

    /// <summary>Opens the file. Nothing is pooled: a connection that is disposed is closed.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens it exclusively for reading, without writing other files, so that it works on a full disk.</summary>
    public static SqliteConnection OpenForRecovery(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            _ = raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            Set(connection, "locking_mode", "exclusive");
            Set(connection, "cell_size_check", 1L);
            Expect(connection, "journal_mode", "wal", $"{path} is not a store of this program, or is damaged");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the one connection that writes.</summary>
    public static SqliteConnection OpenWriter(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            Expect(connection, "journal_mode", "wal", $"{path} is not a store of this program, or is damaged");
            Set(connection, "synchronous", 2L);
            Set(connection, "cell_size_check", 1L);
            Set(connection, "cache_size", -4096L);
            Set(connection, "wal_autocheckpoint", 1000L);
            Set(connection, "temp_store", 2L);
            Set(connection, "busy_timeout", 1000L); // Longer than any read of this program's own takes.
            Checkpoint(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that reads beside the one that writes.</summary>
    public static SqliteConnection OpenReader(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            _ = raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            Set(connection, "query_only", 1L);
            Set(connection, "cell_size_check", 1L);
            Set(connection, "cache_size", -1024L);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Empties the write-ahead log into the file. What a commit that failed may have left there is gone.</summary>
    /// <exception cref="IOException">A reader holds it.</exception>
    public static void Checkpoint(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using var reader = command.ExecuteReader();
        if (!reader.Read() || reader.GetInt64(0) != 0)
        {
            throw new IOException("the write-ahead log cannot be emptied, because another program reads the store");
        }
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static object? Value(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>What SQLite said, as the exception that the callers of a disk expect.</summary>
    public static IOException AsIOException(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new IOException("the disk is full", NoSpace),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new IOException(
            $"{Name} is damaged ({e.Message}): stop the exporter, and run 'runner-metrics-exporter store check' on its data folder, or restore a backup", e),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new IOException($"another program has locked {Name}: stop it", e),
        raw.SQLITE_READONLY => new IOException($"{Name} cannot be written to, or was moved away: make it writable, or restart the exporter ({e.Message})", e),
        _ => new IOException($"{e.Message} (SQLite {e.SqliteExtendedErrorCode})", e),
    };

    private static void Set(SqliteConnection connection, string pragma, object value)
    {
        Run(connection, FormattableString.Invariant($"PRAGMA {pragma} = {value}"));
        Expect(connection, pragma, value, $"SQLite did not accept {pragma}");
    }

    private static void Expect(SqliteConnection connection, string pragma, object value, string otherwise)
    {
        var actual = Value(connection, $"PRAGMA {pragma}");
        if (!Equals(actual, value))
        {
            throw new StorageException($"{otherwise}: PRAGMA {pragma} is {actual} and not {value}");
        }
    }
}
