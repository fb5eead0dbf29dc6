namespace RunnerMetrics.Automation.Instruments;

/// <summary>The metrics of calls to one API; their names start with the API's: <c>deepseek_api_calls_total</c>.</summary>
public sealed class ApiMetricCatalog
{
    /// <summary>Describes an API's metrics.</summary>
    /// <param name="api">The API's name: <c>[a-z][a-z0-9_]*</c>, such as <c>deepseek</c>. It becomes part of names, so it comes from code or configuration, never from data.</param>
    /// <exception cref="ArgumentException">The name cannot be part of a metric's name.</exception>
    public ApiMetricCatalog(string api)
    {
        if (api.Length == 0 || !char.IsAsciiLetterLower(api[0]) || !api.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException($"'{api}' is no name for an API: give [a-z][a-z0-9_]*, such as deepseek.", nameof(api));
        }

        Api = api;
        Calls = new($"{api}_api_calls_total", AutomationMetricType.Counter, ["status"],
            $"Calls to {api}, by status: success, rate_limited, error, timeout or cancelled (by the caller).");
        Errors = new($"{api}_api_errors_total", AutomationMetricType.Counter, ["type"],
            $"Calls to {api} that ended with status error or timeout, by type: authentication, client, server, network, timeout or invalid_response.");
        RateLimits = new($"{api}_api_rate_limits_total", AutomationMetricType.Counter, [], $"Calls to {api} that were refused because of its rate limit (HTTP 429).");
        Tokens = new($"{api}_api_tokens_used_total", AutomationMetricType.Counter, ["kind"],
            $"Tokens that answers of {api} report as used, by kind: prompt or completion; absent until an answer reports them.");
        ResponseTime = new($"{api}_api_response_time_seconds", AutomationMetricType.Gauge, [],
            $"How long the last call to {api} waited for the response headers; absent until there was an answer.");
        Duration = new($"{api}_api_request_duration_seconds", AutomationMetricType.Histogram, [],
            $"How long calls to {api} took, from the request to the end of the response body; for refusals and failures, to the headers.",
            [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]);
        All = [Calls, Errors, RateLimits, Tokens, ResponseTime, Duration];
    }

    /// <summary>The API's name.</summary>
    public string Api { get; }

    /// <summary>Calls by how they ended.</summary>
    public AutomationMetric Calls { get; }

    /// <summary>Failed calls by type.</summary>
    public AutomationMetric Errors { get; }

    /// <summary>Calls refused by the rate limit.</summary>
    public AutomationMetric RateLimits { get; }

    /// <summary>Tokens by kind.</summary>
    public AutomationMetric Tokens { get; }

    /// <summary>The last answer's wait.</summary>
    public AutomationMetric ResponseTime { get; }

    /// <summary>How long calls take.</summary>
    public AutomationMetric Duration { get; }

    /// <summary>All of them, in the order in which they are shown.</summary>
    public IReadOnlyList<AutomationMetric> All { get; }
}
