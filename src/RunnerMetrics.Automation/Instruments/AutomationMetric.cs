using System.Diagnostics.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>The description of a metric: everything except its values.</summary>
public sealed class AutomationMetric
{
    internal AutomationMetric(string name, AutomationMetricType type, IReadOnlyList<string> labels, string help, IReadOnlyList<double>? buckets = null) =>
        (Name, Type, Labels, Help, Buckets) = (name, type, labels, help, buckets ?? []);

    /// <summary>The name, of the instrument and in Prometheus; counters end in <c>_total</c>.</summary>
    public string Name { get; }

    /// <summary>Counter, gauge or histogram.</summary>
    public AutomationMetricType Type { get; }

    /// <summary>The label names.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>One sentence for people: what is measured, in which unit.</summary>
    public string Help { get; }

    /// <summary>The upper bounds of a histogram's buckets, ascending, without <c>+Inf</c>; empty for other types.</summary>
    public IReadOnlyList<double> Buckets { get; }

    /// <summary>The unit that the name ends in, as UCUM writes it (<c>s</c>, <c>By</c>, <c>%</c>), or null for a plain number.</summary>
    public string? Unit => (Name.EndsWith("_total", StringComparison.Ordinal) ? Name[..^"_total".Length] : Name).Split('_')[^1] switch
    {
        "seconds" => "s",
        "bytes" => "By",
        "percent" => "%",
        _ => null,
    };

    /// <summary>A counter that is at 0 from now on: one that appears with its first count hides it from <c>increase()</c>.</summary>
    /// <param name="meter">Several users of one meter share the counter.</param>
    /// <param name="values">The known values of its one label; none for a counter without a label.</param>
    internal Counter<long> CreateCounter(Meter meter, params ReadOnlySpan<string> values)
    {
        var counter = meter.CreateCounter<long>(Name, Unit, Help);
        if (Labels.Count == 0)
        {
            counter.Add(0);
        }

        foreach (var value in values)
        {
            counter.Add(0, new KeyValuePair<string, object?>(Labels[0], value));
        }

        return counter;
    }

    /// <summary>A gauge that is raised and lowered, and is at 0 from now on.</summary>
    internal UpDownCounter<long> CreateLevel(Meter meter)
    {
        var level = meter.CreateUpDownCounter<long>(Name, Unit, Help);
        level.Add(0);
        return level;
    }

    /// <summary>A gauge that is absent until it is set.</summary>
    internal Gauge<double> CreateGauge(Meter meter) => meter.CreateGauge<double>(Name, Unit, Help);

    internal Histogram<double> CreateHistogram(Meter meter) =>
        meter.CreateHistogram(Name, Unit, Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });

    /// <summary>A gauge that is read at each scrape, and absent while there is nothing to read.</summary>
    internal void ObserveGauge(Meter meter, Func<double?> read) => meter.CreateObservableGauge<double>(Name, () => Measure(read), Unit, Help);

    /// <summary>A counter that is read at each scrape.</summary>
    internal void ObserveCounter(Meter meter, Func<double?> read) => meter.CreateObservableCounter<double>(Name, () => Measure(read), Unit, Help);

    private static Measurement<double>[] Measure(Func<double?> read) => read() is { } value ? [new Measurement<double>(value)] : [];
}
