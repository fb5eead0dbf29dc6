using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.TestWatching;

/// <summary>How many watchers of one meter run: <c>test_watcher_is_running</c> is 1 while one of them does, whoever made them.</summary>
internal sealed class RunningWatchers
{
    private static readonly ConditionalWeakTable<Meter, RunningWatchers> OfMeter = [];
    private int _count;

    private RunningWatchers(Meter meter) => AutomationMetricCatalog.WatcherRunning.ObserveGauge(meter, () => Volatile.Read(ref _count) > 0 ? 1 : 0);

    public static RunningWatchers Of(Meter meter) => OfMeter.GetValue(meter, static meter => new RunningWatchers(meter));

    public void Change(int by) => Interlocked.Add(ref _count, by);
}
