using Microsoft.Extensions.Logging;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>The agent's own spool, and its replacement if it was damaged or removed while in use. Safe for several threads.</summary>
internal sealed class SpoolInUse(IStorageFolder folder, SpoolOptions limits, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<EventSpool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EventSpool? _current;

    /// <summary>The spool that is open; null if none is.</summary>
    public EventSpool? Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The spool that is open, else the folder's, which is opened.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public EventSpool Open()
    {
        lock (_gate)
        {
            if (_current is null)
            {
                _current = EventSpool.Open(folder, limits, time, logger);
                _opened.SetResult(_current);
            }

            return _current;
        }
    }

    /// <summary>The spool that is open, as soon as one is.</summary>
    public Task<EventSpool> OpenedAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            return _opened.Task.WaitAsync(stop);
        }
    }

    /// <summary>Closes a spool that must be opened again: further use fails with the reason.</summary>
    public void Close(EventSpool spool, StorageException reason)
    {
        lock (_gate)
        {
            spool.Close(reason);
            if (_current == spool)
            {
                _current = null;
                _opened = new TaskCompletionSource<EventSpool>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void Dispose() => _current?.Dispose();
}
