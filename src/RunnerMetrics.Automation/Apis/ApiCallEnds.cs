namespace RunnerMetrics.Automation.Apis;

/// <summary>The label values of the ends of calls.</summary>
internal static class ApiCallEnds
{
    /// <summary>The values of the label <c>status</c>.</summary>
    public static readonly string[] Statuses = ["success", "rate_limited", "error", "timeout", "cancelled"];

    /// <summary>The values of the label <c>type</c>.</summary>
    public static readonly string[] ErrorTypes = ["authentication", "client", "server", "network", "timeout", "invalid_response"];

    /// <summary>An end's status.</summary>
    public static string StatusOf(ApiCallEnd end) => end switch
    {
        ApiCallEnd.Success => "success",
        ApiCallEnd.RateLimited => "rate_limited",
        ApiCallEnd.Timeout => "timeout",
        ApiCallEnd.Cancelled => "cancelled",
        _ => "error",
    };

    /// <summary>An end's type of error, or null if it is none.</summary>
    public static string? ErrorOf(ApiCallEnd end) => end switch
    {
        ApiCallEnd.AuthenticationError => "authentication",
        ApiCallEnd.ClientError => "client",
        ApiCallEnd.ServerError => "server",
        ApiCallEnd.NetworkError => "network",
        ApiCallEnd.Timeout => "timeout",
        ApiCallEnd.InvalidResponse => "invalid_response",
        _ => null,
    };
}
