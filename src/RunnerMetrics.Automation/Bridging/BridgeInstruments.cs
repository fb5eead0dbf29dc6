using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Bridging;

/// <summary>The shared series of all bridges of one registry.</summary>
internal sealed class BridgeInstruments
{
    private BridgeInstruments(MetricRegistry registry)
    {
        Recorder = registry.Recorder;
        Calls = registry.AddCounter(AutomationMetricCatalog.BridgeCalls);
        Errors = registry.AddCounter(AutomationMetricCatalog.BridgeErrors);
        Timeouts = registry.AddCounter(AutomationMetricCatalog.BridgeTimeouts);
        Pending = registry.AddLevel(AutomationMetricCatalog.BridgePending);
        Loops = registry.AddLevel(AutomationMetricCatalog.BridgeLoops);
        Duration = registry.AddHistogram(AutomationMetricCatalog.BridgeDuration);
    }

    public Recorder Recorder { get; }

    public ConcurrentCounter Calls { get; }

    public ConcurrentCounter Errors { get; }

    public ConcurrentCounter Timeouts { get; }

    public ConcurrentGauge Pending { get; }

    public ConcurrentGauge Loops { get; }

    public ConcurrentHistogram Duration { get; }

    public static BridgeInstruments Of(MetricRegistry registry) => registry.Share("safe async bridge", static registry => new BridgeInstruments(registry));

    public void Count(ConcurrentCounter counter)
    {
        using var recording = Recorder.Begin();
        recording.Add(counter);
    }

    public void CallBegan()
    {
        using var recording = Recorder.Begin();
        recording.Add(Calls);
        recording.Change(Pending, 1);
    }

    /// <summary>A call is over, and so is its work.</summary>
    /// <param name="ran">How long it ran, or null if it never did.</param>
    public void WorkEnded(TimeSpan? ran)
    {
        using var recording = Recorder.Begin();
        recording.Change(Pending, -1);
        if (ran is { } duration)
        {
            recording.Observe(Duration, duration.TotalSeconds);
        }
    }

    public void ChangeLoops(int by)
    {
        using var recording = Recorder.Begin();
        recording.Change(Loops, by);
    }
}
