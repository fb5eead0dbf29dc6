using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Bridging;

/// <summary>What a bridge records.</summary>
internal sealed class BridgeMetrics(Meter meter)
{
    private readonly Histogram<double> _duration = AutomationMetricCatalog.BridgeDuration.CreateHistogram(meter);

    public Counter<long> Calls { get; } = AutomationMetricCatalog.BridgeCalls.CreateCounter(meter);

    public Counter<long> Errors { get; } = AutomationMetricCatalog.BridgeErrors.CreateCounter(meter);

    public Counter<long> Timeouts { get; } = AutomationMetricCatalog.BridgeTimeouts.CreateCounter(meter);

    public UpDownCounter<long> Pending { get; } = AutomationMetricCatalog.BridgePending.CreateLevel(meter);

    public UpDownCounter<long> Loops { get; } = AutomationMetricCatalog.BridgeLoops.CreateLevel(meter);

    /// <summary>A call is over, and so is its work.</summary>
    /// <param name="ran">How long it ran, or null if it never did.</param>
    public void WorkEnded(TimeSpan? ran)
    {
        if (ran is { } duration)
        {
            _duration.Record(duration.TotalSeconds);
        }

        Pending.Add(-1);
    }
}
