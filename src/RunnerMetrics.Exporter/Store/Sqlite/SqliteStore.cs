using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>A store in one file of SQLite's, in WAL mode with <c>synchronous = FULL</c>: a transaction that is committed is durable.</summary>
internal sealed class SqliteStore : IEventStore
{
    /// <summary>Where the state of a snapshot that is being written waits. Nothing of it remains after a killed process.</summary>
    private const string StateFile = StoreFile.Name + ".snapshot";

    /// <summary>A longer commit is damage.</summary>
    private const int LongestCommit = 64 * 1024 * 1024;

    private readonly DiskFolder _storage;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly PositionMark _mark;
    private readonly SqliteHistory? _history;
    private SqliteWriter? _writer;
    private bool _isDoubtful;
    private bool _isClosed;
    private long _position;
    private long _bytesBeforeSnapshot;

    private SqliteStore(DiskFolder storage, StoreOptions options, TimeProvider time, StoreReader read)
    {
        _storage = storage;
        _options = options;
        _time = time;
        _position = read.Position;
        _mark = PositionMark.Open(storage, _position, time);
        (read.Recovery.IsBehindMark, read.Recovery.RestoredAt) = (_mark.IsBehind, _mark.RestoredAt);
        BytesSinceSnapshot = read.Recovery.ReplayedBytes;
        _history = options.KeepsHistory ? new SqliteHistory(Path, TimeProvider.System) : null;
        try
        {
            // What a killed process left in the log is durable when that is emptied, and not before.
            Open();
            _mark.Write(_position);
        }
        catch (IOException e)
        {
            // A disk that is full now has room later, and what was kept can be read meanwhile.
            StartProblem = e;
        }
    }

    /// <inheritdoc/>
    public Exception? StartProblem { get; }

    /// <inheritdoc/>
    public long BytesSinceSnapshot { get; private set; }

    /// <inheritdoc/>
    public int Snapshots { get; private set; }

    /// <inheritdoc/>
    public bool WantsSnapshot => BytesSinceSnapshot >= _options.SnapshotAfter && _writer is not { Snapshots.IsWriting: true };

    /// <inheritdoc/>
    public IHistory? History => _history;

    /// <inheritdoc/>
    public bool HasWork => _writer is { } writer && (writer.Snapshots.IsWriting || writer.Snapshots.HasLeftovers || writer.Retention.IsDue || _mark.IsDue(_position));

    private string Path => System.IO.Path.Combine(_storage.Folder, StoreFile.Name);

    /// <summary>Reads what is kept in a folder, or makes an empty store there, and opens it for what comes next.</summary>
    /// <param name="storage">The folder, which no other process has.</param>
    /// <param name="options">How it is kept.</param>
    /// <param name="time">The clock that the history ages by.</param>
    /// <param name="load">Receives the snapshot, if there is one; it is called first.</param>
    /// <param name="replay">Receives every commit after it, in order.</param>
    /// <param name="recovery">What was read.</param>
    /// <exception cref="StorageException">It is damaged, or a later version's.</exception>
    public static SqliteStore Open(
        DiskFolder storage, StoreOptions options, TimeProvider time, Action<Stream> load, Action<Commit> replay, out StoreRecovery recovery)
    {
        StoreFile.CreateIfMissing(storage);
        storage.Delete(StateFile);
        var reader = new StoreReader(System.IO.Path.Combine(storage.Folder, StoreFile.Name));
        reader.Read(load, replay);
        recovery = reader.Recovery;
        return new SqliteStore(storage, options, time, reader);
    }

    /// <inheritdoc/>
    public void Append(Commit commit, IReadOnlyList<FleetEvent> happened)
    {
        if (commit.CalculateSize() is var length && length > LongestCommit)
        {
            throw new InvalidOperationException($"a commit of {length} bytes is longer than the limit of {LongestCommit}");
        }

        var payload = commit.ToByteArray();
        var position = _position + 1;
        InTransaction(writer => writer.Append(position, payload, happened));
        _position = position;
        BytesSinceSnapshot += payload.Length;
    }

    /// <inheritdoc/>
    public void Snapshot(Action<Stream> save)
    {
        var writer = Ready();
        try
        {
            writer.Snapshots.Begin(System.IO.Path.Combine(_storage.Folder, StateFile), _position, save);
        }
        catch
        {
            writer.Snapshots.Abandon();
            throw;
        }

        (_bytesBeforeSnapshot, BytesSinceSnapshot) = (BytesSinceSnapshot, 0);
    }

    /// <inheritdoc/>
    public void Step()
    {
        var writer = Ready();
        if (writer.Snapshots.IsWriting)
        {
            StepSnapshot(writer);
        }
        else if (writer.Snapshots.HasLeftovers)
        {
            InTransaction(open => open.Snapshots.RemoveLeftovers());
        }
        else if (writer.Retention.IsDue)
        {
            InTransaction(open => open.Retention.Step());
        }
        else if (_mark.IsDue(_position))
        {
            _mark.Write(_position);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _mark.Write(_position);
        }

        _isClosed = true;
        _history?.Dispose();
        _writer?.Dispose();
        _writer = null;
    }

    private void StepSnapshot(SqliteWriter writer)
    {
        var isComplete = false;
        try
        {
            InTransaction(open => isComplete = open.Snapshots.WriteChunk());
        }
        catch
        {
            writer.Snapshots.Abandon();
            BytesSinceSnapshot += _bytesBeforeSnapshot;
            throw;
        }

        if (isComplete)
        {
            writer.Snapshots.Complete();
            Snapshots++;
        }
    }

    private void InTransaction(Action<SqliteWriter> act)
    {
        var writer = Ready();
        try
        {
            writer.Begin.Execute();
            act(writer);
            writer.Commit.Execute();
        }
        catch (Exception e)
        {
            // What a failed commit left in the write-ahead log must not come back, and what the kernel dropped must not be taken for written.
            _isDoubtful = true;
            writer.RollBack();
            throw e is SqliteException said ? StoreFile.AsIOException(said) : e;
        }
    }

    private SqliteWriter Ready()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_writer is null)
        {
            Open();
        }
        else if (_isDoubtful)
        {
            Translate(() => StoreFile.Checkpoint(_writer.Connection));
            _isDoubtful = false;
        }

        if (!File.Exists(Path))
        {
            throw new IOException($"{Path} is missing: restore it, or restart the exporter to begin a new one");
        }

        return _writer!;
    }

    private void Open() => Translate(() =>
    {
        var writer = new SqliteWriter(StoreFile.OpenWriter(Path), _options, _time);
        if (writer.Tail != _position)
        {
            writer.Dispose();
            throw new IOException($"{Path} was changed by another program: restart the exporter");
        }

        _writer = writer;
    });

    private static void Translate(Action act)
    {
        try
        {
            act();
        }
        catch (SqliteException e)
        {
            throw StoreFile.AsIOException(e);
        }
    }
}
