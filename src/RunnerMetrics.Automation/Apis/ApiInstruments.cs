using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Apis;

/// <summary>The shared part of all collectors of one API and registry.</summary>
internal sealed class ApiInstruments
{
    private readonly MetricGate _gate;
    private readonly MetricFamily _tokens;
    private readonly Gauge _responseTime;
    private Counter? _promptTokens;
    private Counter? _completionTokens;
    private long _retryAtTicks;

    private ApiInstruments(MetricRegistry registry, ApiMetricCatalog catalog)
    {
        _gate = registry.Gate;
        Api = catalog.Api;
        Recorder = registry.Recorder;
        Calls = registry.AddCounters(catalog.Calls, ApiCallEnds.Statuses);
        Errors = registry.AddCounters(catalog.Errors, ApiCallEnds.ErrorTypes);
        RateLimits = registry.AddCounter(catalog.RateLimits);
        _tokens = registry.Add(catalog.Tokens);
        _responseTime = registry.AddGauge(catalog.ResponseTime);
        Duration = registry.AddHistogram(catalog.Duration);
    }

    public string Api { get; }

    public Recorder Recorder { get; }

    public ConcurrentCounter[] Calls { get; }

    public ConcurrentCounter[] Errors { get; }

    public ConcurrentCounter RateLimits { get; }

    public ConcurrentHistogram Duration { get; }

    public DateTimeOffset? RetryAt
    {
        get => Volatile.Read(ref _retryAtTicks) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _retryAtTicks, value?.UtcTicks ?? 0);
    }

    public static ApiInstruments Of(MetricRegistry registry, string api)
    {
        var catalog = new ApiMetricCatalog(api);
        return registry.Share($"api {api}", registry => new ApiInstruments(registry, catalog));
    }

    public void SetResponseTime(double seconds)
    {
        using (_gate.Enter())
        {
            _responseTime.Set(seconds);
        }
    }

    /// <summary>Counts tokens; an API that never reports them has no series of them.</summary>
    public void CountTokens(TokenUsage usage)
    {
        using (_gate.Enter())
        {
            Count(ref _promptTokens, "prompt", usage.Prompt);
            Count(ref _completionTokens, "completion", usage.Completion);
        }
    }

    private void Count(ref Counter? counter, string kind, long? tokens)
    {
        if (tokens is { } used)
        {
            (counter ??= _tokens.AddCounter(Labels.Of(("kind", kind)))).Increment(used);
        }
    }
}
