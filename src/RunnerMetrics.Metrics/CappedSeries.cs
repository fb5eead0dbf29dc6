using System.Collections.Concurrent;

namespace RunnerMetrics.Metrics;

/// <summary>
/// The series of a family by a label whose values come from outside, up to the registry's <see cref="MetricRegistry.MaxLabelSets"/>. What passes it,
/// or is longer than a label should be, goes to <c>other</c>, and is counted in <c>runner_metrics_dropped_series_total</c>.
/// </summary>
/// <typeparam name="T">The series of one value: one, or several.</typeparam>
public sealed class CappedSeries<T>
    where T : class
{
    /// <summary>The value for all values beyond the limit.</summary>
    public const string Other = "other";

    /// <summary>The longest accepted value, in characters.</summary>
    public const int MaxLength = 128;

    private readonly MetricRegistry _registry;
    private readonly Func<string, T> _make;
    private readonly ConcurrentCounter _dropped;
    private readonly ConcurrentDictionary<string, T> _series = new(StringComparer.Ordinal);

    /// <summary>Makes the series of known values at once.</summary>
    /// <param name="registry">Where they are shown.</param>
    /// <param name="make">Creates the series of one value; called under the registry's gate, once for each.</param>
    /// <param name="known">Values that are created with 0.</param>
    public CappedSeries(MetricRegistry registry, Func<string, T> make, params IEnumerable<string> known)
    {
        _registry = registry;
        _make = make;
        _dropped = registry.Recorder.For(registry.DroppedSeries);
        foreach (var value in known)
        {
            _ = Get(value);
        }
    }

    /// <summary>The series of a value.</summary>
    public T Get(string value) => _series.TryGetValue(value, out var series) ? series : Admit(value);

    private T Admit(string value)
    {
        using (_registry.Gate.Enter())
        {
            if (_series.TryGetValue(value, out var series))
            {
                return series;
            }

            var isDropped = value.Length is 0 or > MaxLength || (_series.Count >= _registry.MaxLabelSets && value != Other);
            if (!isDropped)
            {
                return _series[value] = _make(value);
            }
        }

        using (var recording = _registry.Recorder.Begin())
        {
            recording.Add(_dropped);
        }

        return Get(Other);
    }
}
