using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>
/// One label set of a family, and its value. It is changed and read only by a holder of its registry's <see cref="MetricRegistry.Gate"/>:
/// so one scrape is one moment.
/// </summary>
public abstract class Series
{
    internal Series(MetricFamily family, Labels labels)
    {
        Family = family;
        SharedLabels = labels.Shared;
        LastLabel = labels.Last?.Text ?? [];
    }

    /// <summary>The <see cref="Index"/> of a removed series: changing it has no effect.</summary>
    internal const int Removed = -1;

    internal MetricFamily Family { get; }

    internal byte[] SharedLabels { get; }

    internal byte[] LastLabel { get; }

    /// <summary>Where the series is in its family, from 0; the family keeps it up to date.</summary>
    public int Index { get; internal set; }

    /// <summary>Where a series that was recreated stood before, for <see cref="MetricFamily.RestoreOrder"/>; behind all others by default.</summary>
    public int EarlierIndex { get; set; } = int.MaxValue;

    /// <summary>How many samples the series shows now: 0 while nothing was measured.</summary>
    internal abstract int SampleCount { get; }

    internal abstract void Render(TextBuffer output, ExpositionFormat format);

    /// <summary>Comes before every change: the family's text of this series is out of date from here on.</summary>
    /// <exception cref="InvalidOperationException">The caller does not hold the gate.</exception>
    private protected void BeginChange() => Family.MarkChanged(this);

    /// <summary>The room that one line's labels and value take at most, without the family's name.</summary>
    private protected int LineRoom => SharedLabels.Length + LastLabel.Length + 48;

    /// <summary>Writes <c>name{labels} </c>; room must have been made.</summary>
    private protected void WritePrefix(TextBuffer output, ReadOnlySpan<byte> name)
    {
        output.WriteReserved(name);
        if (SharedLabels.Length + LastLabel.Length > 0)
        {
            output.WriteReserved((byte)'{');
            WriteLabels(output);
            output.WriteReserved((byte)'}');
        }

        output.WriteReserved((byte)' ');
    }

    /// <summary>Writes the labels without braces.</summary>
    private protected void WriteLabels(TextBuffer output)
    {
        output.WriteReserved(SharedLabels);
        if (LastLabel.Length > 0)
        {
            if (SharedLabels.Length > 0)
            {
                output.WriteReserved((byte)',');
            }

            output.WriteReserved(LastLabel);
        }
    }
}
