using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.TestWatching;

/// <summary>The shared series of all test watchers of one registry.</summary>
internal sealed class TestWatcherInstruments
{
    private readonly Gauge _isRunning;
    private int _running;

    private TestWatcherInstruments(MetricRegistry registry)
    {
        Recorder = registry.Recorder;
        FilesProcessed = registry.AddCounter(AutomationMetricCatalog.FilesProcessed);
        TestsRun = registry.AddCounters(AutomationMetricCatalog.TestsRun, ["pass", "fail", "error"]);
        var calls = registry.Add(AutomationMetricCatalog.WatcherApiCalls);
        ApiCalls = new CappedSeries<ConcurrentCounter[]>(registry, api =>
            [.. ApiCallEnds.Statuses.Select(status => registry.Recorder.For(calls.AddCounter(Labels.Of(("api", api), ("status", status)))))]);
        Errors = registry.AddCappedCounters(AutomationMetricCatalog.WatcherErrors, TestWatcherErrors.All);
        ChangedFiles = registry.AddLevel(AutomationMetricCatalog.ChangedFiles);
        var memory = registry.AddGauge(AutomationMetricCatalog.WatcherMemory);
        registry.AddCollector(() => memory.Set(ProcessMetrics.ResidentMemory()));
        _isRunning = registry.AddGauge(AutomationMetricCatalog.WatcherRunning);
        _isRunning.Set(0);
        Processing = registry.AddHistogram(AutomationMetricCatalog.ProcessingDuration);
        Debounce = registry.AddHistogram(AutomationMetricCatalog.DebounceDuration);
        TestExecution = registry.AddHistogram(AutomationMetricCatalog.TestExecutionDuration);
    }

    public Recorder Recorder { get; }

    public ConcurrentCounter FilesProcessed { get; }

    public ConcurrentCounter[] TestsRun { get; }

    public CappedSeries<ConcurrentCounter[]> ApiCalls { get; }

    public CappedSeries<ConcurrentCounter> Errors { get; }

    public ConcurrentGauge ChangedFiles { get; }

    public ConcurrentHistogram Processing { get; }

    public ConcurrentHistogram Debounce { get; }

    public ConcurrentHistogram TestExecution { get; }

    public static TestWatcherInstruments Of(MetricRegistry registry) => registry.Share("test watcher", static registry => new TestWatcherInstruments(registry));

    /// <summary>Counts the watchers that run; for a holder of the registry's gate.</summary>
    public void ChangeRunning(int by)
    {
        _running += by;
        _isRunning.Set(_running > 0 ? 1 : 0);
    }
}
