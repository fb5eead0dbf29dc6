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

    internal override int SampleCount => _counts.Length + 2;

    /// <summary>Counts an observation.</summary>
    /// <param name="value">Finite, in the family's unit.</param>
    /// <param name="exemplar">What was observed, for the bucket that it falls in; shown by OpenMetrics only.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number.</exception>
    public void Observe(double value, Exemplar? exemplar = null)
    {
        Check(value);
        var bucket = BucketOf(Family.Bounds, value);
        _counts[bucket]++;
        Count++;
        Sum += value;
        if (exemplar is not null)
        {
            (_exemplars ??= new Exemplar?[_counts.Length])[bucket] = exemplar;
        }

        Changed();
    }

    /// <summary>Counts all that another series of the family counted, too.</summary>
    internal void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
            if (other._exemplars?[i] is { } exemplar)
            {
                (_exemplars ??= new Exemplar?[_counts.Length])[i] = exemplar;
            }
        }

        Count += other.Count;
        Sum += other.Sum;
        Changed();
    }

    /// <summary>Counts what was counted elsewhere in buckets like these.</summary>
    internal void Add(ReadOnlySpan<long> counts, double sum)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += counts[i];
            Count += counts[i];
        }

        Sum += sum;
        Changed();
    }

    internal static void Check(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "An observation is a finite number.");
        }
    }

    internal static int BucketOf(double[] bounds, double value)
    {
        var i = 0;
        while (i < bounds.Length && value > bounds[i])
        {
            i++;
        }

        return i;
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Index);
        writer.Write(Sum);
        writer.Write(_counts.Length);
        for (var i = 0; i < _counts.Length; i++)
        {
            writer.Write7BitEncodedInt64(_counts[i]);
            Exemplar.Save(_exemplars?[i], writer);
        }
    }

    internal void Load(BinaryReader reader)
    {
        SavedIndex = reader.ReadInt32();
        Sum = reader.ReadDouble();
        var buckets = reader.ReadInt32();
        if (buckets != _counts.Length)
        {
            throw new InvalidDataException($"{Family.Descriptor.Name} was saved with {buckets} buckets and has {_counts.Length}");
        }

        for (var i = 0; i < buckets; i++)
        {
            _counts[i] = reader.Read7BitEncodedInt64();
            Count += _counts[i];
            if (Exemplar.Load(reader) is { } exemplar)
            {
                (_exemplars ??= new Exemplar?[buckets])[i] = exemplar;
            }
        }

        Changed();
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
