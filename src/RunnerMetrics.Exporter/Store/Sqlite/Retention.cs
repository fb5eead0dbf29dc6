using Microsoft.Data.Sqlite;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>Deletes the oldest history, a few rows at a time.</summary>
internal sealed class Retention(SqliteConnection connection, StoreOptions options, TimeProvider time) : IDisposable
{
    private const int RowsAStep = 200;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Statement _jobs = new(connection, $"DELETE FROM job WHERE id IN (SELECT id FROM job WHERE at < $1 ORDER BY at LIMIT {RowsAStep})");
    private readonly Statement _deployments = new(connection, $"DELETE FROM deployment WHERE id IN (SELECT id FROM deployment WHERE at < $1 ORDER BY at LIMIT {RowsAStep})");
    private readonly Statement _pages = new(connection, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
    private long _restedAt = time.GetTimestamp();
    private bool _hasMore = true;

    public bool IsDue => _hasMore || time.GetElapsedTime(_restedAt) >= Every;

    public void Step()
    {
        var horizon = options.KeepsHistory ? (time.GetUtcNow() - options.HistoryAge).ToUnixTimeMilliseconds() : long.MaxValue;
        var gone = _jobs.Execute(horizon) + _deployments.Execute(horizon);
        if (gone == 0 && _pages.Number() > options.HistoryBytes)
        {
            gone = _jobs.Execute(long.MaxValue);
        }

        _hasMore = gone > 0;
        _restedAt = time.GetTimestamp();
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _deployments.Dispose();
        _pages.Dispose();
    }
}
