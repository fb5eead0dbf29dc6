using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Events;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>The connection that writes, and its statements.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly Statement _event;
    private readonly Statement _tail;
    private readonly Statement _rollback;
    private readonly JobHistory _jobs;
    private readonly DeploymentHistory _deployments;
    private readonly bool _keepsHistory;

    public SqliteWriter(SqliteConnection connection, StoreOptions options, TimeProvider time)
    {
        Connection = connection;
        _keepsHistory = options.KeepsHistory;
        Begin = new Statement(connection, "BEGIN IMMEDIATE");
        Commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
        _event = new Statement(connection, "INSERT INTO event VALUES ($1, $2, $3)");
        _tail = new Statement(connection, "UPDATE tail SET position = $1, crc = $2");
        _jobs = new JobHistory(connection);
        _deployments = new DeploymentHistory(connection);
        Snapshots = new SnapshotWriter(connection, options);
        Retention = new Retention(connection, options, time);
        Snapshots.Find();
        Tail = StoreFile.Value(connection, "SELECT position FROM tail") as long? ?? -1;
    }

    public SqliteConnection Connection { get; }

    public Statement Begin { get; }

    public Statement Commit { get; }

    public SnapshotWriter Snapshots { get; }

    public Retention Retention { get; }

    public long Tail { get; }

    public void Append(long position, byte[] payload, IReadOnlyList<FleetEvent> happened)
    {
        _event.Execute(position, payload, Checksum.Of(payload, position));
        if (_tail.Execute(position, Checksum.Of([], position)) != 1)
        {
            throw new IOException($"{StoreFile.Name} is damaged: its row of the last commit is missing");
        }

        if (!_keepsHistory)
        {
            return;
        }

        foreach (var one in happened)
        {
            if (one is DeploymentChanged changed)
            {
                _deployments.Write(changed);
            }
            else
            {
                _jobs.Write(one);
            }
        }
    }

    public void RollBack()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            {
                _rollback.Execute();
            }
        }
        catch (SqliteException)
        {
            // Nothing is written before the write-ahead log is emptied, which fails inside a transaction.
        }
    }

    public void Dispose()
    {
        foreach (var each in (IDisposable[])[Begin, Commit, _rollback, _event, _tail, _jobs, _deployments, Snapshots, Retention, Connection])
        {
            each.Dispose();
        }
    }
}
