using Google.Protobuf;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Series in a snapshot. One that an earlier version did not have stays as it was made.</summary>
internal static class SavedSeries
{
    public static Saved.Counter Save(this Counter counter) => new() { Index = (uint)counter.Index, Value = counter.Value };

    public static void Load(this Counter counter, Saved.Counter? saved)
    {
        if (saved is not null)
        {
            counter.EarlierIndex = (int)saved.Index;
            counter.AdvanceTo(saved.Value);
        }
    }

    public static Saved.Gauge Save(this Gauge gauge)
    {
        var saved = new Saved.Gauge { Index = (uint)gauge.Index };
        if (gauge.Value is { } value)
        {
            saved.Value = value;
        }

        return saved;
    }

    public static void Load(this Gauge gauge, Saved.Gauge? saved)
    {
        if (saved is not null)
        {
            gauge.EarlierIndex = (int)saved.Index;
            gauge.Set(saved.HasValue ? saved.Value : null);
        }
    }

    public static Saved.Histogram Save(this Histogram histogram)
    {
        var saved = new Saved.Histogram { Index = (uint)histogram.Index, Sum = histogram.Sum };
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            saved.Counts.Add(histogram.Counts[i]);
            if (histogram.ExemplarOf(i) is { } exemplar)
            {
                saved.Exemplars.Add(new Saved.Exemplar
                {
                    Bucket = (uint)i,
                    Labels = ByteString.CopyFrom(exemplar.RenderedLabels),
                    Value = exemplar.Value,
                    Timestamp = exemplar.Timestamp,
                });
            }
        }

        return saved;
    }

    public static void Load(this Histogram histogram, Saved.Histogram? saved)
    {
        if (saved is null)
        {
            return;
        }

        histogram.EarlierIndex = (int)saved.Index;
        histogram.Add(saved.Counts.ToArray(), saved.Sum);
        foreach (var exemplar in saved.Exemplars)
        {
            histogram.SetExemplar((int)exemplar.Bucket, Exemplar.Restore(exemplar.Labels.Span, exemplar.Value, exemplar.Timestamp));
        }
    }

    /// <summary>What is counted by conclusion, in the conclusions' order; a lost job has no duration.</summary>
    public static IEnumerable<Saved.ConclusionSeries> Save(Counter[] jobs, Histogram[] durations) => jobs.Select((counter, i) => new Saved.ConclusionSeries
    {
        Conclusion = i + 1,
        Jobs = counter.Save(),
        Duration = i < durations.Length ? durations[i].Save() : null,
    });

    public static void Load(IEnumerable<Saved.ConclusionSeries> saved, Counter[] jobs, Histogram[] durations)
    {
        foreach (var series in saved)
        {
            At(jobs, series.Conclusion)?.Load(series.Jobs);
            At(durations, series.Conclusion)?.Load(series.Duration);
        }
    }

    /// <summary>The series of a value that is numbered from 1; null if a later version wrote one that this one does not know.</summary>
    public static T? At<T>(T[] series, int number)
        where T : Series => number >= 1 && number <= series.Length ? series[number - 1] : null;
}
