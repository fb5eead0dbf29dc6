using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>A value that goes up and down, and is absent until it is measured.</summary>
public sealed class Gauge : Series
{
    internal Gauge(MetricFamily family, Labels labels)
        : base(family, labels)
    {
    }

    /// <summary>The value in the family's unit, or null while nothing is measured: then there is no sample.</summary>
    public double? Value { get; private set; }

    internal override int SampleCount => Value is null ? 0 : 1;

    /// <summary>Sets the value; null removes the sample.</summary>
    public void Set(double? value)
    {
        if (value != Value)
        {
            BeginChange();
            Value = value;
        }
    }

    internal override void Render(TextBuffer output, ExpositionFormat format)
    {
        if (Value is not { } value)
        {
            return;
        }

        var name = Family.SampleName;
        output.Reserve(name.Length + LineRoom);
        WritePrefix(output, name);
        output.WriteReserved(value);
        output.WriteReserved((byte)'\n');
    }
}
