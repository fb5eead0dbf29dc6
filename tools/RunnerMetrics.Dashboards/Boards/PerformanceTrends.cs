using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>Whether jobs wait, whether they get slower, and whether there are enough runners.</summary>
internal static class PerformanceTrends
{
    private const string ByName = "The name filter does not apply here.";
    private const string ByTypeOnly = "Over all exporters: only the type filter applies here.";

    public static Dashboard Dashboard { get; } = new(
        "performance-trends",
        "GitHub runners: performance",
        "How long jobs wait and run, how much of the fleet is in use, and how that changes.",
        "now-7d",
        [.. RunnerVariables, Links.LivePage],
        [
            new Row("The objective: 95 % of jobs start within 60 s", Budget(), Slow(), Waiting()),
            new Row("Waiting", Queued(), LastWait()),
            new Row("Running", Duration(), MeanDuration(), LastWeek(), Throughput()),
            new Row("Use", Utilization(), CacheRate()),
        ]);

    private static Panel Budget() => new(
        PanelType.BarGauge, "Budget left", "The remaining part of the 5 % of jobs that may wait longer, over 28 days. Below 0 the objective is missed. " + ByTypeOnly,
        "percentunit", 6, new Query($"runner_type:github_runner_job_queue_budget:remaining28d{{{TypeOnly}}}", "{{runner_type}}"))
    {
        Min = 0,
        Max = 1,
        Decimals = 0,
        Thresholds = [new("red"), new("orange", 0.1), new("green", 0.5)],
    };

    private static Panel Slow() => new(
        PanelType.TimeSeries, "Jobs that waited for more than 60 s", "Of all jobs that started in the hour before each moment. The line is at 5 %. " + ByTypeOnly,
        "percentunit", 10, new Query($"runner_type:github_runner_job_queue_slow:ratio_rate1h{{{TypeOnly}}}", "{{runner_type}}"))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.05)],
    };

    private static Panel Waiting() => new(
        PanelType.TimeSeries, "Jobs that wait", "Jobs that wait for a runner, by requested runner type. " + ByName,
        "short", 8, new Query($"sum by (runner_type) (github_workflow_jobs_queued{{{ChosenType}}})", "{{runner_type}}"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Queued() => new(
        PanelType.TimeSeries, "Queue time", "How long jobs waited for a runner: the median and the 95th percentile of the jobs that started in the hour before each moment, by type. Needs GitHub's webhooks.",
        Minutes, 14,
        new Query(InMinutes(Quantile("0.50", WaitsInAnHour(), ["runner_type"])), "{{runner_type}} median"),
        new Query(InMinutes(Quantile("0.95", WaitsInAnHour(), ["runner_type"])), "{{runner_type}} 95th percentile"))
    {
        Min = 0,
        Thresholds = [new("transparent"), new("red", 1)],
    };

    private static Panel LastWait() => new(
        PanelType.BarGauge, "Longest last waits", "The ten runners whose last job waited longest.",
        "s", 10, new Query($"topk(10, max by (runner_name, runner_type, runner_scope) (github_runner_queue_time_seconds{{{Chosen}}}))", "{{runner_name}} {{runner_scope}}"))
    {
        Links = Links.RunnerSeries,
        Min = 0,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 60), new("red", 300)],
    };

    private static Panel Duration() => new(
        PanelType.TimeSeries, "Job duration by type", "The median and the 95th percentile of the successful jobs that ended in the hour before each moment, because a job that fails early is not faster.",
        Minutes, 12,
        new Query(InMinutes(Quantile("0.50", DurationsInAnHour(",status=\"success\""), ["runner_type"])), "{{runner_type}} median"),
        new Query(InMinutes(Quantile("0.95", DurationsInAnHour(",status=\"success\""), ["runner_type"])), "{{runner_type}} 95th percentile"))
    {
        Min = 0,
    };

    private static Panel MeanDuration() => new(
        PanelType.TimeSeries, "Mean duration by type", "Of the successful jobs that ended in the hour before each moment. The mean is exact; the percentiles are interpolated within a bucket.",
        Minutes, 12,
        new Query(InMinutes(MeanDurationIn("1h", "runner_type")), "{{runner_type}}"))
    {
        Min = 0,
    };

    private static Panel LastWeek() => new(
        PanelType.TimeSeries, "Mean duration, and a week before", "Of successful jobs, over six hours. If it is slower than a week before, a cache, a dependency or a machine changed.",
        Minutes, 12, new Query(InMinutes(MeanDurationIn("6h")), "now"), new Query(InMinutes(MeanDurationIn("6h", offset: " offset 1w")), "a week before"))
    {
        Min = 0,
        Series = [new("a week before", "#8e8e8e")],
    };

    private static Panel Throughput() => new(
        PanelType.TimeSeries, "Jobs per hour by type", "Jobs that ended in the hour before each moment.",
        "short", 12, new Query($"sum by (runner_type) ({JobsIn("1h")})", "{{runner_type}}"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Utilization() => new(
        PanelType.TimeSeries, "Fleet in use", "Busy runners, of online ones, by type, averaged over the quarter of an hour before each moment. Near 100 % for long, jobs wait, and more runners help. " + ByName,
        "percentunit", 12,
        new Query(Ratio($"avg_over_time(github_runners{{{ChosenType},state=\"busy\"}}[15m])", $"avg_over_time(github_runners{{{ChosenType},state=~\"busy|idle\"}}[15m])", "runner_type"), "{{runner_type}}"))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.9)],
    };

    private static Panel CacheRate() => new(
        PanelType.TimeSeries, "Cache hit rate", "Hits of all requests in the six hours before each moment, by cache type.",
        "percentunit", 12, new Query(Ratio(CacheRequestsIn("6h", ",result=\"hit\""), CacheRequestsIn("6h"), "cache_type"), "{{cache_type}}"))
    {
        Min = 0,
        Max = 1,
    };
}
