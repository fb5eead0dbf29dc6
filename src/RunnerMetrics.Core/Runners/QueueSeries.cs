using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>How long the jobs of one runner waited; the series are born when the first wait is reported.</summary>
internal sealed class QueueSeries(FleetFamilies families, Labels runner, bool withGauge)
{
    private Histogram? _durations;
    private Gauge? _last;

    public void Observe(double seconds, Exemplar? exemplar)
    {
        Bear();
        _durations!.Observe(seconds, exemplar);
        _last?.Set(seconds);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_durations is not null);
        _durations?.Save(writer);
        _last?.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        if (reader.ReadBoolean())
        {
            Bear();
            _durations!.Load(reader);
            _last?.Load(reader);
        }
    }

    private void Bear()
    {
        if (_durations is null)
        {
            _durations = families.QueueDuration.AddHistogram(runner);
            _last = withGauge ? families.QueueTime.AddGauge(runner) : null;
        }
    }

    public void Remove()
    {
        if (_durations is not null)
        {
            families.QueueDuration.Remove(_durations);
            if (_last is not null)
            {
                families.QueueTime.Remove(_last);
            }
        }
    }
}
