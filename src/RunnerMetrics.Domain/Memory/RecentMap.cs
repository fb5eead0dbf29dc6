using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Domain.Memory;

/// <summary>
/// The latest of what was seen, bounded by count, whatever happens within one day, and by time (the latest event's, never a clock's). It
/// forgets what came first.
/// </summary>
/// <param name="horizonDays">For how many days.</param>
/// <param name="capacity">How many at most.</param>
/// <param name="forgotten">Hears of each that is forgotten.</param>
/// <typeparam name="TValue">What is remembered of each.</typeparam>
internal sealed class RecentMap<TValue>(int horizonDays, int capacity, Action<TValue>? forgotten = null)
{
    private readonly Dictionary<UInt128, TValue> _values = [];
    private readonly Queue<(UInt128 Key, int Day)> _order = new();
    private int _latestDay = int.MinValue;

    public int Count => _values.Count;

    /// <summary>All that is remembered, in the order in which it came, with the day, since the year 1.</summary>
    public IEnumerable<(UInt128 Key, int Day, TValue Value)> Entries => _order.Select(entry => (entry.Key, entry.Day, _values[entry.Key]));

    public bool TryGet(UInt128 key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>Remembers a key, or replaces what is remembered of it; it keeps its place.</summary>
    public void Set(UInt128 key, TValue value, DateTimeOffset at)
    {
        if (!_values.TryAdd(key, value))
        {
            _values[key] = value;
            return;
        }

        var day = (int)(at.UtcTicks / TimeSpan.TicksPerDay);
        _order.Enqueue((key, day));
        _latestDay = Math.Max(_latestDay, day);
        while (_order.Count > 1 && (_order.Count > capacity || _order.Peek().Day < _latestDay - horizonDays))
        {
            if (_values.Remove(_order.Dequeue().Key, out var old))
            {
                forgotten?.Invoke(old);
            }
        }
    }

    /// <summary>Remembers a key behind those that came before it, in a map that is recreated.</summary>
    public void Restore(UInt128 key, int day, TValue value)
    {
        _order.Enqueue((key, day));
        _values[key] = value;
        _latestDay = Math.Max(_latestDay, day);
    }
}
