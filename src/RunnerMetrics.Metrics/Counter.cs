using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>A value that only grows. It shows 0 from the moment it is made.</summary>
public sealed class Counter : Series
{
    internal Counter(MetricFamily family, Labels labels)
        : base(family, labels)
    {
    }

    /// <summary>The count so far, in the family's unit.</summary>
    public double Value { get; private set; }

    internal override int SampleCount => 1;

    /// <summary>Adds to the count.</summary>
    /// <param name="amount">Finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative or not a number: a counter never decreases.</exception>
    public void Increment(double amount = 1)
    {
        if (!(amount >= 0) || double.IsInfinity(amount))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "A counter grows by a finite amount of 0 or more.");
        }

        BeginChange();
        Value += amount;
    }

    /// <summary>Adopts a total that is counted elsewhere, such as the operating system's CPU time; a smaller value than before is ignored.</summary>
    public void AdvanceTo(double total)
    {
        if (total > Value)
        {
            BeginChange();
            Value = total;
        }
    }

    internal override void Render(TextBuffer output, ExpositionFormat format)
    {
        var name = Family.SampleName;
        output.Reserve(name.Length + LineRoom);
        WritePrefix(output, name);
        output.WriteReserved(Value);
        output.WriteReserved((byte)'\n');
    }
}
