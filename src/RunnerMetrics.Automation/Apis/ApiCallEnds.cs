namespace RunnerMetrics.Automation.Apis;

/// <summary>The label values of the ends of calls.</summary>
internal static class ApiCallEnds
{
    /// <summary>The values of the label <c>status</c>.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["success", "rate_limited", "error", "timeout", "cancelled"];

    /// <summary>The values of the label <c>type</c>.</summary>
    public static IReadOnlyList<string> ErrorTypes { get; } = ["authentication", "client", "server", "network", "timeout", "invalid_response"];

    /// <summary>The place of an end's status in <see cref="Statuses"/>.</summary>
    public static int StatusOf(ApiCallEnd end) => end switch
    {
        ApiCallEnd.Success => 0,
        ApiCallEnd.RateLimited => 1,
        ApiCallEnd.Timeout => 3,
        ApiCallEnd.Cancelled => 4,
        _ => 2,
    };

    /// <summary>The place of an end's error in <see cref="ErrorTypes"/>, or -1 if it is not an error.</summary>
    public static int ErrorOf(ApiCallEnd end) => end switch
    {
        ApiCallEnd.AuthenticationError => 0,
        ApiCallEnd.ClientError => 1,
        ApiCallEnd.ServerError => 2,
        ApiCallEnd.NetworkError => 3,
        ApiCallEnd.Timeout => 4,
        ApiCallEnd.InvalidResponse => 5,
        _ => -1,
    };
}
