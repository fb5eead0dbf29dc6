using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>The connections that only read: a few, opened when they are needed and kept. Who comes when all are in use waits.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int Most = 4;

    private readonly SemaphoreSlim _places = new(Most);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Reads with a connection of the caller's own meanwhile.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancelled)
    {
        await _places.WaitAsync(cancelled);
        SqliteConnection? connection = null;
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            connection = _idle.TryTake(out var idle) ? idle : StoreFile.OpenReader(path);
            var answer = read(connection);
            Return(ref connection);
            return answer;
        }
        catch (OperationCanceledException) when (connection is not null)
        {
            Return(ref connection);
            throw;
        }
        catch (SqliteException e)
        {
            throw StoreFile.AsIOException(e);
        }
        finally
        {
            connection?.Dispose(); // Whatever went wrong may be its own.
            _places.Release();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var idle))
        {
            idle.Dispose();
        }
    }

    private void Return(ref SqliteConnection? connection)
    {
        _idle.Add(connection!);
        connection = null;
        if (_isClosed)
        {
            Dispose();
        }
    }
}
