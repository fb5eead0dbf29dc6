using Microsoft.Data.Sqlite;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>
/// Brings a snapshot into the store, a chunk at a time. What the state was at its moment waits in a file that has no name for anybody else; the snapshot counts when its
/// own row is written, behind all chunks. Then what it replaces goes, a little at a time.
/// </summary>
internal sealed class SnapshotWriter(SqliteConnection connection, StoreOptions options) : IDisposable
{
    private const long BytesAStep = 1024 * 1024;

    private readonly Statement _chunk = new(connection, "INSERT INTO snapshot_chunk VALUES ($1, $2, $3)");
    private readonly Statement _snapshot = new(connection, "INSERT INTO snapshot VALUES ($1, $2, $3, $4)");
    private readonly Statement _oldChunks = new(connection, "DELETE FROM snapshot_chunk WHERE id IN (SELECT id FROM snapshot_chunk WHERE id < $1 OR id >= $2 ORDER BY id LIMIT 4)");
    private readonly Statement _oldSnapshots = new(connection, "DELETE FROM snapshot WHERE id < $1");
    private readonly Statement _oldest = new(connection, "SELECT position, length(payload) FROM event WHERE position <= $1 ORDER BY position LIMIT 512");
    private readonly Statement _oldEvents = new(connection, "DELETE FROM event WHERE position <= $1");
    private Stream? _state;
    private long _next;
    private byte[] _buffer = [];

    /// <summary>The last snapshot that counts, and the position of the last commit that it holds.</summary>
    public (long Id, long Position) Current { get; private set; }

    /// <summary>Whether a snapshot is being written.</summary>
    public bool IsWriting => _state is not null;

    /// <summary>Whether something that a snapshot replaced is still there.</summary>
    public bool HasLeftovers { get; private set; } = true;

    private long Position { get; set; }

    /// <summary>Tells what the store holds.</summary>
    public void Find()
    {
        using var statement = new Statement(connection, "SELECT id, position FROM snapshot ORDER BY id DESC LIMIT 1");
        using var row = statement.Query();
        Current = row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : (0, 0);
    }

    public void Begin(string file, long position, Action<Stream> save)
    {
        Abandon();
        var handle = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 16,
        });
        PrivateFolder.Restrict(handle.SafeFileHandle);
        _state = handle;
        save(handle);
        handle.Position = 0;
        (Position, _next, HasLeftovers) = (position, 0, true);
        _buffer = new byte[options.ChunkLength];
    }

    /// <summary>Writes one chunk, in the caller's transaction.</summary>
    /// <returns>Whether the snapshot is complete, once the transaction is durable.</returns>
    public bool WriteChunk()
    {
        var id = Current.Id + 1;
        if (_next == 0)
        {
            // What is left of one that was given up.
            for (var first = StoreReader.Chunk(id, 0); _oldChunks.Execute(0L, first) > 0;)
            {
            }
        }

        var count = _state!.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);
        if (count > 0)
        {
            var chunk = StoreReader.Chunk(id, _next++);
            var bytes = count == _buffer.Length ? _buffer : _buffer[..count];
            _chunk.Execute(chunk, bytes, Checksum.Of(bytes, chunk));
            return false;
        }

        _snapshot.Execute(id, Position, _next, Checksum.Of([], id, Position, _next));
        return true;
    }

    /// <summary>The transaction that completed it is durable.</summary>
    public void Complete()
    {
        Current = (Current.Id + 1, Position);
        Abandon();
    }

    /// <summary>Removes a little of what the current snapshot replaced, in the caller's transaction.</summary>
    public void RemoveLeftovers()
    {
        var chunks = _oldChunks.Execute(StoreReader.Chunk(Current.Id, 0), StoreReader.Chunk(Current.Id + 1, 0));
        _oldSnapshots.Execute(Current.Id);
        var upTo = 0L;
        using (var rows = _oldest.Query(Current.Position))
        {
            for (var bytes = 0L; bytes < BytesAStep && rows.Read(); bytes += rows.GetInt64(1))
            {
                upTo = rows.GetInt64(0);
            }
        }

        HasLeftovers = chunks > 0 || upTo > 0;
        if (upTo > 0)
        {
            _oldEvents.Execute(upTo);
        }
    }

    /// <summary>Gives up the snapshot that is being written.</summary>
    public void Abandon()
    {
        _state?.Dispose();
        (_state, _buffer) = (null, []);
    }

    public void Dispose()
    {
        Abandon();
        foreach (var statement in (Statement[])[_chunk, _snapshot, _oldChunks, _oldSnapshots, _oldest, _oldEvents])
        {
            statement.Dispose();
        }
    }
}
