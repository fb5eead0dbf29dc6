using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Apis;

/// <summary>
/// Records the calls to one API. <see cref="ApiMetricsHandler"/> does it for an <see cref="HttpClient"/>. All members are thread-safe; several
/// collectors of one API and registry share its series.
/// </summary>
public sealed class ApiMetrics
{
    private readonly ApiInstruments _instruments;

    /// <summary>Makes a collector. Its series exist from now on, at 0; those of tokens and of the response time once they are measured.</summary>
    /// <param name="registry">Where they are shown.</param>
    /// <param name="api">The API's name, which its metrics' names start with: <c>[a-z][a-z0-9_]*</c>, such as <c>deepseek</c>.</param>
    /// <exception cref="ArgumentException">The name cannot be part of a metric's name.</exception>
    public ApiMetrics(MetricRegistry registry, string api) => _instruments = ApiInstruments.Of(registry, api);

    /// <summary>The API's name.</summary>
    public string Api => _instruments.Api;

    /// <summary>Until when the API asked not to be called (<c>Retry-After</c>), or null if it did not.</summary>
    public DateTimeOffset? RetryAt => _instruments.RetryAt;

    /// <summary>Counts a call that ended, with its error or refusal if it had one, and its duration.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="duration">From the request to the end of the answer's body, to the head of a refusal, or to the moment that it was given up.</param>
    public void RecordCall(ApiCallEnd end, TimeSpan duration)
    {
        using var recording = _instruments.Recorder.Begin();
        recording.Add(_instruments.Calls[ApiCallEnds.StatusOf(end)]);
        recording.Observe(_instruments.Duration, duration.TotalSeconds);
        if (ApiCallEnds.ErrorOf(end) is >= 0 and var error)
        {
            recording.Add(_instruments.Errors[error]);
        }
        else if (end == ApiCallEnd.RateLimited)
        {
            recording.Add(_instruments.RateLimits);
        }
    }

    /// <summary>Sets how long the last call waited for the response headers.</summary>
    public void RecordResponseTime(TimeSpan waited) => _instruments.SetResponseTime(waited.TotalSeconds);

    /// <summary>Counts the tokens that a response reports as used.</summary>
    /// <param name="usage">What it says.</param>
    public void RecordTokens(TokenUsage usage) => _instruments.CountTokens(usage);

    /// <summary>Keeps until when the API asked not to be called.</summary>
    public void RecordRetryAt(DateTimeOffset until) => _instruments.RetryAt = until;
}
