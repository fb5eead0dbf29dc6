using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>How long the jobs of one runner waited; the series are born when the first wait is reported.</summary>
internal sealed class QueueSeries(FleetFamilies families, Labels runner, bool withGauge)
{
    private Histogram? _durations;
    private Gauge? _last;

    public void Observe(double seconds, Exemplar? exemplar)
    {
        if (_durations is null)
        {
            _durations = families.QueueDuration.AddHistogram(runner);
            _last = withGauge ? families.QueueTime.AddGauge(runner) : null;
        }

        _durations.Observe(seconds, exemplar);
        _last?.Set(seconds);
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
