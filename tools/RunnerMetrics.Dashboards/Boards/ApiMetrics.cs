using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.AutomationShared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>Calls to model APIs: whether they succeed, how long they take, how near the rate limit is, and what they use.</summary>
internal static class ApiMetrics
{
    private const string NotGivenUp = ",status!=\"cancelled\"";

    public static Dashboard Dashboard { get; } = new(
        "api-metrics",
        "Automation: calls to APIs",
        "Calls to model APIs: whether they succeed, how long they take, how near the rate limit is, and the tokens that they use.",
        "now-6h",
        Processes("", $"__name__=~\"{string.Join('|', Apis.Select(api => $"{api}_api_calls_total"))}\","),
        [
            new Row("In the chosen time", Calls(), SuccessRate(), Refused(), Tokens()),
            new Row("How calls end", CallsByStatus(), ErrorsByType(), FailureShare(), RefusedShare()),
            new Row("How long they take", Durations(), Means(), ResponseTime()),
            new Row("Tokens", TokensByKind(), TokensACall()),
        ])
    {
        Family = DashboardFamily.Automation,
    };

    private static Panel Calls() => new(
        PanelType.Stat, "Calls", "Calls that ended in the selected range, with any status.",
        "locale", 6, Each(api => Grown($"{api}_api_calls_total")))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel SuccessRate() => new(
        PanelType.BarGauge, "Success rate", "Successful calls, of all in the selected range except those that their callers cancelled.",
        "percentunit", 6, Each(api => Share($"{api}_api_calls_total{{{Chosen},status=\"success\"}}", $"{api}_api_calls_total{{{Chosen}{NotGivenUp}}}")))
    {
        Height = 7,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = Shared.MoreIsBetter,
    };

    private static Panel Refused() => new(
        PanelType.Stat, "Refused by the rate limit", "Calls that were answered with 429, of all in the selected range except those that their callers cancelled.",
        "percentunit", 6, Each(api => Share($"{api}_api_rate_limits_total{{{Chosen}}}", $"{api}_api_calls_total{{{Chosen}{NotGivenUp}}}")))
    {
        Height = 7,
        Decimals = 1,
        Thresholds = [new("green"), new("orange", 0.02), new("red", 0.1)],
    };

    private static Panel Tokens() => new(
        PanelType.Stat, "Tokens used", "Prompt and completion tokens in the selected range, as reported in the answers; those of the very first answer are not included.",
        "locale", 6, Each(api => Grown($"{api}_api_tokens_used_total")))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel CallsByStatus() => new(
        PanelType.Bars, "Calls by status", "Calls that ended in the five minutes before each moment. Cancelled: by the caller.",
        "short", 12, Each(api => Growing($"{api}_api_calls_total", "5m", "status"), " {{status}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel ErrorsByType() => new(
        PanelType.Bars, "Errors by type", "Calls that failed or timed out, in the five minutes before each moment. Authentication: the key is wrong. Client: the request is wrong. Server and network: the provider or the connection.",
        "short", 12, Each(api => Growing($"{api}_api_errors_total", "5m", "type"), " {{type}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel FailureShare() => new(
        PanelType.TimeSeries, "Calls that fail", "Errors and time-outs, of all calls in the quarter of an hour before each moment except cancelled ones. The line is the alert's threshold.",
        "percentunit", 12, Each(api => RateShare($"{api}_api_calls_total{{{Chosen},status=~\"error|timeout\"}}", $"{api}_api_calls_total{{{Chosen}{NotGivenUp}}}")))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.25)],
    };

    private static Panel RefusedShare() => new(
        PanelType.TimeSeries, "Calls that are refused", "Answered with 429, of all calls in the quarter of an hour before each moment except cancelled ones. The line is the alert's threshold.",
        "percentunit", 12, Each(api => RateShare($"{api}_api_rate_limits_total{{{Chosen}}}", $"{api}_api_calls_total{{{Chosen}{NotGivenUp}}}")))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.1)],
    };

    private static Panel Durations() => new(
        PanelType.TimeSeries, "Calls take", "From the request to the end of the answer: the median and the 95th percentile of the quarter of an hour before each moment, estimated within a bucket.",
        "s", 8, [.. Apis.SelectMany(api => Percentiles($"{api}_api_request_duration_seconds", "15m", $"{api} "))])
    {
        Min = 0,
    };

    private static Panel Means() => new(
        PanelType.TimeSeries, "Calls take, on average", "The mean is exact; the percentiles are estimated.",
        "s", 8, Each(api => RateShare($"{api}_api_request_duration_seconds_sum{{{Chosen}}}", $"{api}_api_request_duration_seconds_count{{{Chosen}}}")))
    {
        Min = 0,
    };

    private static Panel ResponseTime() => new(
        PanelType.TimeSeries, "Wait for the last answer", "How long the last call waited for the response headers; of several processes, the longest.",
        "s", 8, Each(api => $"max({api}_api_response_time_seconds{{{Chosen}}})"))
    {
        Min = 0,
    };

    private static Panel TokensByKind() => new(
        PanelType.Bars, "Tokens by kind", "Prompt and completion tokens used in the five minutes before each moment, as reported in the answers.",
        "short", 12, Each(api => Growing($"{api}_api_tokens_used_total", "5m", "kind"), " {{kind}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel TokensACall() => new(
        PanelType.TimeSeries, "Tokens a call", "Tokens per successful call in the quarter of an hour before each moment. A rise means longer prompts.",
        "short", 12, Each(api => RateShare($"{api}_api_tokens_used_total{{{Chosen}}}", $"{api}_api_calls_total{{{Chosen},status=\"success\"}}")))
    {
        Min = 0,
        Decimals = 0,
    };

    private static IReadOnlyList<Query> Each(Func<string, string> expression, string legend = "") => [.. Apis.Select(api => new Query(expression(api), api + legend))];

    private static string RateShare(string part, string whole) => Shared.Ratio($"increase({part}[15m])", $"increase({whole}[15m])");
}
