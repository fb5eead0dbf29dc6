namespace RunnerMetrics.Metrics;

/// <summary>The description of a metric family: everything except its values.</summary>
/// <param name="Name">The name as it is scraped from the text format; counters end in <c>_total</c>.</param>
/// <param name="Type">Counter, gauge or histogram.</param>
/// <param name="Labels">The label names, in the order in which they are written.</param>
/// <param name="Help">One sentence for people: what is measured, in which unit.</param>
public sealed record MetricDescriptor(string Name, MetricType Type, IReadOnlyList<string> Labels, string Help)
{
    /// <summary>The upper bounds of a histogram's buckets, ascending, without <c>+Inf</c>; empty for other types.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>Whether buckets carry exemplars, which only OpenMetrics can show.</summary>
    public bool HasExemplars { get; init; }

    /// <summary>The base unit that the name ends in (<c>seconds</c>, <c>bytes</c>), or null for a plain number.</summary>
    public string? Unit
    {
        get
        {
            var name = FamilyName;
            return name.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds"
                : name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes"
                : null;
        }
    }

    /// <summary>The name of the family in OpenMetrics: a counter's without <c>_total</c>.</summary>
    public string FamilyName => Type == MetricType.Counter && Name.EndsWith("_total", StringComparison.Ordinal) ? Name[..^"_total".Length] : Name;
}
