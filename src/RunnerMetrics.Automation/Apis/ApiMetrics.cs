using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Apis;

/// <summary>
/// Records the calls to one API. <see cref="ApiMetricsHandler"/> does it for an <see cref="HttpClient"/>. All members are thread-safe; several
/// collectors of one API and meter factory share its series.
/// </summary>
public sealed class ApiMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _rateLimits;
    private readonly Counter<long> _tokens;
    private readonly Gauge<double> _responseTime;
    private readonly Histogram<double> _duration;
    private long _retryAtTicks;

    /// <summary>Makes a collector. Its counters exist from now on, at 0; tokens, the response time and durations once they are measured.</summary>
    /// <param name="meters">Makes its instruments; whoever shows them listens already (<see cref="Serving.MetricsServer.Meters"/>).</param>
    /// <param name="api">The API's name, which its metrics' names start with: <c>[a-z][a-z0-9_]*</c>, such as <c>deepseek</c>.</param>
    /// <exception cref="ArgumentException">The name cannot be part of a metric's name.</exception>
    public ApiMetrics(IMeterFactory meters, string api)
    {
        var catalog = new ApiMetricCatalog(api);
        var meter = AutomationMeter.Of(meters);
        Api = api;
        _calls = catalog.Calls.CreateCounter(meter, ApiCallEnds.Statuses);
        _errors = catalog.Errors.CreateCounter(meter, ApiCallEnds.ErrorTypes);
        _rateLimits = catalog.RateLimits.CreateCounter(meter);
        _tokens = catalog.Tokens.CreateCounter(meter);
        _responseTime = catalog.ResponseTime.CreateGauge(meter);
        _duration = catalog.Duration.CreateHistogram(meter);
    }

    /// <summary>The API's name.</summary>
    public string Api { get; }

    /// <summary>Until when the API asked this collector's callers not to call it (<c>Retry-After</c>), or null if it did not.</summary>
    public DateTimeOffset? RetryAt => Volatile.Read(ref _retryAtTicks) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Counts a call that ended, with its error or refusal if it had one, and its duration.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="duration">From the request to the end of the answer's body, to the head of a refusal, or to the moment that it was given up.</param>
    public void RecordCall(ApiCallEnd end, TimeSpan duration)
    {
        _calls.Add(1, new KeyValuePair<string, object?>("status", ApiCallEnds.StatusOf(end)));
        _duration.Record(duration.TotalSeconds);
        if (ApiCallEnds.ErrorOf(end) is { } error)
        {
            _errors.Add(1, new KeyValuePair<string, object?>("type", error));
        }
        else if (end == ApiCallEnd.RateLimited)
        {
            _rateLimits.Add(1);
        }
    }

    /// <summary>Sets how long the last call waited for the response headers.</summary>
    public void RecordResponseTime(TimeSpan waited) => _responseTime.Record(waited.TotalSeconds);

    /// <summary>Counts the tokens that a response reports as used; an API that never reports them has no series of them.</summary>
    /// <param name="usage">What it says.</param>
    public void RecordTokens(TokenUsage usage)
    {
        CountTokens("prompt", usage.Prompt);
        CountTokens("completion", usage.Completion);
    }

    /// <summary>Keeps until when the API asked not to be called.</summary>
    public void RecordRetryAt(DateTimeOffset until) => Volatile.Write(ref _retryAtTicks, until.UtcTicks);

    private void CountTokens(string kind, long? tokens)
    {
        if (tokens is >= 0 and var used)
        {
            _tokens.Add(used, new KeyValuePair<string, object?>("kind", kind));
        }
    }
}
