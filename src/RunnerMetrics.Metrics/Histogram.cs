using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>Observations counted in buckets. It shows 0 in every bucket from the moment it is made.</summary>
public sealed class Histogram : Series
{
    private readonly long[] _counts;
    private Exemplar?[]? _exemplars;

    internal Histogram(MetricFamily family, Labels labels)
        : base(family, labels) => _counts = new long[family.Descriptor.Buckets.Count + 1];

    /// <summary>How many observations there were.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of all observations, in the family's unit.</summary>
    public double Sum { get; private set; }

    /// <summary>The observations of each bucket (not cumulative); the last is <c>+Inf</c>'s.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    internal override int SampleCount => _counts.Length + 2;

    /// <summary>Counts an observation.</summary>
    /// <param name="value">Finite, in the family's unit.</param>
    /// <param name="exemplar">What was observed, for the bucket that it falls in; shown by OpenMetrics only.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number.</exception>
    public void Observe(double value, Exemplar? exemplar = null)
    {
        Check(value);
        BeginChange();
        var bucket = BucketOf(Family.Bounds, value);
        _counts[bucket]++;
        Count++;
        Sum += value;
        if (exemplar is not null)
        {
            SetExemplar(bucket, exemplar);
        }
    }

    /// <summary>Adds the counts of another series of the family.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (other._exemplars?[i] is { } exemplar)
            {
                SetExemplar(i, exemplar);
            }
        }

        Add(other._counts, other.Sum);
    }

    /// <summary>Adds counts from elsewhere, or from earlier, with the same buckets.</summary>
    /// <param name="counts">Of each bucket (not cumulative), as in <see cref="Counts"/>.</param>
    /// <param name="sum">Of all of these observations.</param>
    /// <exception cref="ArgumentException">There are more or fewer buckets.</exception>
    public void Add(ReadOnlySpan<long> counts, double sum)
    {
        if (counts.Length != _counts.Length)
        {
            throw new ArgumentException($"{Family.Descriptor.Name} has {_counts.Length} buckets, and there are {counts.Length} counts.", nameof(counts));
        }

        BeginChange();
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += counts[i];
            Count += counts[i];
        }

        Sum += sum;
    }

    /// <summary>The exemplar of a bucket, if it has one.</summary>
    public Exemplar? ExemplarOf(int bucket) => _exemplars?[bucket];

    /// <summary>Gives a bucket its exemplar.</summary>
    public void SetExemplar(int bucket, Exemplar exemplar)
    {
        BeginChange();
        (_exemplars ??= new Exemplar?[_counts.Length])[bucket] = exemplar;
    }

    private static void Check(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "An observation is a finite number.");
        }
    }

    private static int BucketOf(double[] bounds, double value)
    {
        var i = 0;
        while (i < bounds.Length && value > bounds[i])
        {
            i++;
        }

        return i;
    }

    internal override void Render(TextBuffer output, ExpositionFormat format)
    {
        var names = Family;
        var showExemplars = format == ExpositionFormat.OpenMetrics && _exemplars is not null;
        var cumulative = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            cumulative += _counts[i];
            var bound = names.BucketLabels[i];
            output.Reserve(names.BucketName.Length + LineRoom + bound.Length);
            output.WriteReserved(names.BucketName);
            output.WriteReserved((byte)'{');
            WriteLabels(output);
            if (SharedLabels.Length + LastLabel.Length > 0)
            {
                output.WriteReserved((byte)',');
            }

            output.WriteReserved(bound);
            output.WriteReserved(cumulative);
            if (showExemplars && _exemplars![i] is { } exemplar)
            {
                exemplar.Render(output);
            }

            output.Reserve(1);
            output.WriteReserved((byte)'\n');
        }

        output.Reserve(names.SumName.Length + LineRoom);
        WritePrefix(output, names.SumName);
        output.WriteReserved(Sum);
        output.WriteReserved((byte)'\n');
        output.Reserve(names.CountName.Length + LineRoom);
        WritePrefix(output, names.CountName);
        output.WriteReserved(Count);
        output.WriteReserved((byte)'\n');
    }
}
