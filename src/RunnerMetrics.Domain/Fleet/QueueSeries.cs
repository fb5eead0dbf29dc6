using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>How long the jobs of one runner waited; the series are created when waits are first measured.</summary>
internal sealed class QueueSeries(FleetFamilies families, Labels runner, bool withGauge)
{
    private Histogram? _durations;
    private Gauge? _last;
    private DateTimeOffset _lastAt = DateTimeOffset.MinValue;

    /// <summary>Counts a wait, and shows it as the last one.</summary>
    public void Observe(double seconds, DateTimeOffset at, Exemplar? exemplar)
    {
        Initialize();
        _durations!.Observe(seconds, exemplar);
        if (at >= _lastAt)
        {
            _lastAt = at;
            _last?.Set(seconds);
        }
    }

    /// <summary>Adds the counts of another runner's series.</summary>
    public void Add(QueueSeries other)
    {
        if (other._durations is not null)
        {
            Initialize();
            _durations!.Add(other._durations);
            if (other._last?.Value is { } last && other._lastAt >= _lastAt)
            {
                _lastAt = other._lastAt;
                _last?.Set(last);
            }
        }
    }

    public Saved.QueueSeries? Save() => _durations is null ? null : new() { Durations = _durations.Save(), Last = _last?.Save(), LastAt = _lastAt.Save() };

    public void Load(Saved.QueueSeries? saved)
    {
        if (saved is not null)
        {
            Initialize();
            _durations!.Load(saved.Durations);
            _last?.Load(saved.Last);
            _lastAt = saved.LastAt.LoadOrNever();
        }
    }

    /// <summary>Shows that waits are measured, though none was yet.</summary>
    public void Initialize()
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
