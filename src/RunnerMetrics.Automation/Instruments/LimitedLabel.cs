using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>
/// A label whose values come from outside. What passes the limit, or is longer than a label should be, is <c>other</c>, and is counted in
/// <c>runner_metrics_dropped_series_total</c>.
/// </summary>
/// <param name="meter">The meter that counts what is left out.</param>
/// <param name="begin">Creates the series of a new value, at 0.</param>
internal sealed class LimitedLabel(Meter meter, Action<string> begin)
{
    /// <summary>The most values that are kept apart.</summary>
    public const int MaxValues = 100;

    /// <summary>The longest accepted value, in characters.</summary>
    public const int MaxLength = 128;

    private const string Other = "other";

    private readonly Counter<long> _dropped = AutomationMetricCatalog.DroppedSeries.CreateCounter(meter);
    private readonly ConcurrentDictionary<string, bool> _values = new(StringComparer.Ordinal);

    /// <summary>The value to record: the given one, or <c>other</c>.</summary>
    public string Admit(string value)
    {
        if (_values.ContainsKey(value))
        {
            return value;
        }

        if (value.Length is 0 or > MaxLength || (_values.Count >= MaxValues && value != Other))
        {
            _dropped.Add(1);
            return Admit(Other);
        }

        if (_values.TryAdd(value, true))
        {
            begin(value);
        }

        return value;
    }
}
