using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Events that wait for the collector, in order, and between them the places in the logs that count as delivered once everything before
/// them is settled. It is bounded by its reader, who asks for <see cref="Room"/>: what does not fit waits in the logs.
/// </summary>
internal sealed class Outbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly List<(Event? Event, DiagCheckpoint? Place)> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _events;

    public int Room
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(0, capacity - _events);
            }
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count == 0;
            }
        }
    }

    /// <summary>Completes at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    public void Add(IEnumerable<Event> events, DiagCheckpoint place)
    {
        lock (_gate)
        {
            foreach (var added in events)
            {
                _entries.Add((added, null));
                _events++;
            }

            // Of two places with nothing between them, the later one says it all.
            if (_entries.Count > 0 && _entries[^1].Place is not null)
            {
                _entries.RemoveAt(_entries.Count - 1);
            }

            _entries.Add((null, place));
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The first events that wait.</summary>
    public IReadOnlyList<Event> Peek(int count)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.Event is not null).Take(count).Select(entry => entry.Event!)];
        }
    }

    /// <summary>Forgets events that are settled.</summary>
    public void Settle(IReadOnlySet<string> ids)
    {
        lock (_gate)
        {
            _events -= _entries.RemoveAll(entry => entry.Event is { } settled && ids.Contains(settled.EventId));
        }
    }

    /// <summary>The last place that everything before is settled of, once.</summary>
    public DiagCheckpoint? TakePlace()
    {
        lock (_gate)
        {
            DiagCheckpoint? reached = null;
            while (_entries is [{ Place: { } place }, ..])
            {
                reached = place;
                _entries.RemoveAt(0);
            }

            return reached;
        }
    }
}
