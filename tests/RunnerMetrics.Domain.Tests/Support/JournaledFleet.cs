using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Support;

/// <summary>A fleet that can be killed and brought back, with a journal that is a list and a snapshot that is an array.</summary>
internal sealed class JournaledFleet : IDisposable
{
    private readonly List<(FleetEvent Happened, EventSource Source)> _journal = [];
    private FleetOptions _options;
    private MetricRegistry _registry = new();
    private byte[]? _snapshot;
    private double _unobserved;

    public JournaledFleet(FleetOptions? options = null)
    {
        _options = options ?? new FleetOptions();
        Fleet = new FleetState(_registry, _options);
        Watch = new FleetWatch(Fleet, _registry, _options);
    }

    public FleetState Fleet { get; private set; }

    public FleetWatch Watch { get; private set; }

    public ApplyOutcome Apply(FleetEvent happened, EventSource source = default)
    {
        if (!Fleet.Knows(happened.EventId, source))
        {
            _journal.Add((happened, source));
        }

        return Fleet.Apply(happened, source);
    }

    public void Beat(double at, RunnerIdentity runner, double? started = -100)
    {
        Observe(at);
        var heartbeat = new Heartbeat(
            runner, RunnerState.Idle, started is { } s ? FleetScenario.At(s) : null, FleetScenario.At(at), FleetScenario.At(at), 0);
        if (Fleet.FirstSign(heartbeat) is { } seen)
        {
            Apply(seen);
        }

        Fleet.RecordHeartbeat(heartbeat);
    }

    public IReadOnlyList<FleetEvent> Judge(double at)
    {
        Observe(at);
        var verdicts = Watch.Judge(FleetScenario.At(at));
        foreach (var verdict in verdicts)
        {
            Apply(verdict);
        }

        return verdicts;
    }

    public void Snapshot()
    {
        using var bytes = new MemoryStream();
        Fleet.Save(bytes);
        _snapshot = bytes.ToArray();
        _journal.Clear();
    }

    /// <summary>Lets the exporter watch until a moment.</summary>
    public void Observe(double until) => Fleet.Observed = TimeSpan.FromSeconds(until - _unobserved);

    /// <summary>Ends the process, with a snapshot or without a word, and starts the next one; the time between is not observed.</summary>
    public void Restart(bool clean, double readyAt = 0, FleetOptions? options = null)
    {
        if (clean)
        {
            Snapshot();
        }

        _registry.Dispose();
        _registry = new MetricRegistry();
        _options = options ?? _options;
        Fleet = new FleetState(_registry, _options);
        if (_snapshot is not null)
        {
            using var bytes = new MemoryStream(_snapshot);
            Fleet.Load(bytes);
        }

        foreach (var (happened, source) in _journal)
        {
            Fleet.Apply(happened, source);
        }

        _unobserved = readyAt - Fleet.Observed.TotalSeconds;
        Watch = new FleetWatch(Fleet, _registry, _options);
    }

    public Scraped Scrape(ExpositionFormat format = ExpositionFormat.Text) => Scraped.From(_registry, format);

    /// <summary>What must survive a kill: counters and histograms with their exemplars, in their order.</summary>
    public string Counts() => string.Join('\n', Scrape(ExpositionFormat.OpenMetrics).Text.Split('\n').Where(IsCount));

    public void Dispose() => _registry.Dispose();

    private static bool IsCount(string line)
    {
        var name = line.Split('{', ' ')[0];
        return name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal)
            || name.EndsWith("_sum", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal);
    }
}
