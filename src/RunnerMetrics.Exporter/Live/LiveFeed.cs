using System.Security.Cryptography;
using RunnerMetrics.Domain.Events;

namespace RunnerMetrics.Exporter.Live;

/// <summary>
/// The latest of what happened, in the order in which it became durable, for those who watch. Each reads at its own pace, from one ring that all of them share: who is slower than the ring is long has
/// missed something, and is told so. Nothing is kept for anybody, and nothing at all while nobody watches.
/// </summary>
/// <param name="time">Tells how long ago the last one left.</param>
internal sealed class LiveFeed(TimeProvider time)
{
    /// <summary>How many events are remembered: minutes of a large fleet.</summary>
    public const int Capacity = 4096;

    /// <summary>For how long events are remembered when the last one has left, who may be coming back.</summary>
    public static readonly TimeSpan Remembrance = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly FleetEvent[] _ring = new FleetEvent[Capacity];
    private TaskCompletionSource _news = New();
    private int _watchers;
    private long? _leftAt;
    private long _first;
    private long _next;

    /// <summary>Which life of the exporter the numbers are of: those of another one mean nothing here.</summary>
    public string Epoch { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>The number of the next event.</summary>
    public long Next
    {
        get
        {
            lock (_gate)
            {
                return _next;
            }
        }
    }

    /// <summary>Begins to watch, unless enough do: what happens from now on is remembered, until some time after <see cref="Leave"/>.</summary>
    /// <param name="most">How many may watch at once.</param>
    public bool TryWatch(int most)
    {
        lock (_gate)
        {
            if (_watchers == most)
            {
                return false;
            }

            _watchers++;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryWatch"/> began.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _watchers--;
            _leftAt = time.GetTimestamp();
        }
    }

    /// <summary>Adds what is told of what happened.</summary>
    public void Add(IReadOnlyList<FleetEvent> happened)
    {
        TaskCompletionSource? news = null;
        lock (_gate)
        {
            if (_watchers == 0 && (_leftAt is null || time.GetElapsedTime(_leftAt.Value) > Remembrance))
            {
                Forget(happened.Count(IsTold));
                return;
            }

            foreach (var told in happened.Where(IsTold))
            {
                _ring[_next++ % Capacity] = told;
                news = _news;
            }

            _news = news is null ? _news : New();
        }

        news?.TrySetResult();
    }

    /// <summary>Waits until there is an event of a number.</summary>
    public Task WaitAsync(long number, CancellationToken cancelled)
    {
        Task news;
        lock (_gate)
        {
            if (number < _next)
            {
                return Task.CompletedTask;
            }

            news = _news.Task;
        }

        return news.WaitAsync(cancelled);
    }

    /// <summary>Reads events from a number on.</summary>
    /// <param name="number">The first that is wanted.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The events; null where the first is no longer, or not yet, there.</returns>
    public IReadOnlyList<FleetEvent>? Read(long number, int most)
    {
        lock (_gate)
        {
            if (number < _first || number > _next || _next - number > Capacity)
            {
                return null;
            }

            var count = (int)Math.Min(most, _next - number);
            var events = new FleetEvent[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = _ring[(number + i) % Capacity];
            }

            return events;
        }
    }

    private void Forget(int count)
    {
        if (_leftAt is not null)
        {
            Array.Clear(_ring);
            _leftAt = null;
        }

        _next += count;
        _first = _next;
    }

    // Events of a few names each: one that holds a push's thousands of commits, say, would be kept for nobody.
    private static bool IsTold(FleetEvent happened) => happened
        is JobStarted or JobCompleted or JobGivenUp or WorkflowJobChanged or QueuedJobExpired or RunnerSeen or RunnerStopped or RunnerSilent or RunnerForgotten or DeploymentChanged;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
