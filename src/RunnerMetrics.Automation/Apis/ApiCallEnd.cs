namespace RunnerMetrics.Automation.Apis;

/// <summary>How a call to an API ended.</summary>
public enum ApiCallEnd
{
    /// <summary>With a successful response, read to its end.</summary>
    Success,

    /// <summary>Refused because of the rate limit (HTTP 429).</summary>
    RateLimited,

    /// <summary>Given up by the caller.</summary>
    Cancelled,

    /// <summary>Timed out.</summary>
    Timeout,

    /// <summary>Refused because of the key (HTTP 401, 403).</summary>
    AuthenticationError,

    /// <summary>Refused because of the request (any other HTTP 4xx).</summary>
    ClientError,

    /// <summary>The API failed (HTTP 5xx).</summary>
    ServerError,

    /// <summary>The connection failed.</summary>
    NetworkError,

    /// <summary>A response in the wrong format, such as broken JSON.</summary>
    InvalidResponse,
}
