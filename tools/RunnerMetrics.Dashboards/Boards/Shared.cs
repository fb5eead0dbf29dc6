using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What several dashboards say in the same way.</summary>
internal static class Shared
{
    /// <summary>The chosen runners.</summary>
    public const string Chosen = ChosenExporter + "," + TypeOnly + ",runner_scope=~\"$runner_scope\",runner_name=~\"$runner_name\"";

    /// <summary>The chosen types of runners, of what is not told by name.</summary>
    public const string ChosenType = ChosenExporter + "," + TypeOnly;

    /// <summary>The chosen exporters.</summary>
    public const string ChosenExporter = "instance=~\"$instance\"";

    /// <summary>The chosen types of runners, of what is recorded over all exporters.</summary>
    public const string TypeOnly = "runner_type=~\"$runner_type\"";

    /// <summary>Minutes, whose axis ticks at 1, 2, 5 and 10 of them; seconds tick at 200 and 500.</summary>
    public const string Minutes = "suffix: min";

    /// <summary>Hours.</summary>
    public const string Hours = "suffix: h";

    /// <summary>The chosen repositories and environments.</summary>
    public const string ChosenEnvironment = "repository=~\"$repository\",environment=~\"$environment\"";

    /// <summary>Colours of how jobs end.</summary>
    public static readonly IReadOnlyList<Series> StatusColors =
        [new("success", "green"), new("failed", "red"), new("cancelled", "#8e8e8e"), new("lost", "purple")];

    /// <summary>Colours of what runners do.</summary>
    public static readonly IReadOnlyList<Series> StateColors =
        [new("busy", "blue"), new("idle", "green"), new("disconnected", "orange"), new("offline", "red"), new("refused", "purple")];

    /// <summary>A share of jobs that ought to be near one.</summary>
    public static readonly IReadOnlyList<Threshold> MoreIsBetter = [new("red"), new("orange", 0.8), new("green", 0.95)];

    /// <summary>A share of deployments that ought to be near zero.</summary>
    public static readonly IReadOnlyList<Threshold> LessIsBetter = [new("green"), new("orange", 0.05), new("red", 0.15)];

    /// <summary>How full something is.</summary>
    public static readonly IReadOnlyList<Threshold> Fullness = [new("green"), new("orange", 0.75), new("red", 0.9)];

    /// <summary>The variables of dashboards about runners: the names offered are of the chosen types.</summary>
    public static readonly IReadOnlyList<Variable> RunnerVariables =
    [
        new("instance", "Exporter", "runner_metrics_build_info"),
        new("runner_type", "Type", $"github_runner_jobs_total{{{ChosenExporter}}}"),
        new("runner_scope", "Scope", $"github_runner_jobs_total{{{ChosenType}}}") { AllValue = ".*" }, // a runner may have none
        new("runner_name", "Runner", $"github_runner_jobs_total{{{ChosenType},runner_scope=~\"$runner_scope\"}}"),
    ];

    /// <summary>A quantile of what a histogram observed in the time before each moment, and nothing where it observed nothing: that would be NaN, which no comparison lets through.</summary>
    /// <param name="quantile">Between 0 and 1.</param>
    /// <param name="histogram">The family's name.</param>
    /// <param name="selector">The matchers.</param>
    /// <param name="window">How long before: a fixed time, so that a short range of the dashboard shows it too.</param>
    public static string Quantile(string quantile, string histogram, string selector, string window) =>
        $"histogram_quantile({quantile}, sum by (le) (rate({histogram}_bucket{{{selector}}}[{window}]))) >= 0";

    /// <summary>The same of a histogram of the chosen runners, over an hour.</summary>
    /// <param name="quantile">Between 0 and 1.</param>
    /// <param name="buckets">The buckets, from <see cref="DurationsInAnHour"/> or <see cref="WaitsInAnHour"/>.</param>
    /// <param name="by">The labels that tell the quantiles apart.</param>
    public static string Quantile(string quantile, string buckets, IReadOnlyList<string> by) =>
        $"histogram_quantile({quantile}, sum by ({string.Join(", ", [.. by, "le"])}) ({buckets})) >= 0";

    /// <summary>The buckets of how long the chosen runners' jobs took that ended in the hour before each moment.</summary>
    /// <param name="matchers">Further matchers, each with a comma before it.</param>
    public static string DurationsInAnHour(string matchers = "") =>
        Recorded("instance_runner_scope_type_status:github_runner_job_duration_seconds_bucket:increase1h", matchers) + " or " + Raw("github_runner_job_duration_seconds_bucket", matchers, "1h");

    /// <summary>The buckets of how long jobs waited that the chosen runners took in the hour before each moment.</summary>
    public static string WaitsInAnHour() =>
        Recorded("instance_runner_scope_type:github_runner_job_queue_duration_seconds_bucket:increase1h", "") + " or " + Raw("github_runner_job_queue_duration_seconds_bucket", "", "1h");

    /// <summary>The chosen runners' jobs that ended.</summary>
    /// <param name="window">In the time before each moment: a duration, or a variable that is one.</param>
    /// <param name="matchers">Further matchers, each with a comma before it.</param>
    public static string JobsIn(string window, string matchers = "") => Count("instance_runner_scope_type_status", "github_runner_jobs", "_total", window, matchers);

    /// <summary>The chosen runners' jobs that failed.</summary>
    /// <inheritdoc cref="JobsIn"/>
    public static string FailuresIn(string window, string matchers = "") => Count("instance_runner_scope_type_reason", "github_runner_job_failures", "_total", window, matchers);

    /// <summary>The chosen runners' jobs whose status changed after it was counted.</summary>
    /// <inheritdoc cref="JobsIn"/>
    public static string CorrectionsIn(string window) => Count("instance_runner_scope_type", "github_runner_job_corrections", "_total", window, "");

    /// <summary>What the chosen runners' jobs asked of caches.</summary>
    /// <inheritdoc cref="JobsIn"/>
    public static string CacheRequestsIn(string window, string matchers = "") =>
        Count("instance_runner_scope_type_cache_type_result", "github_runner_cache_requests", "_total", window, matchers);

    /// <summary>How long the chosen runners' successful jobs took on average.</summary>
    /// <param name="window">In the time before each moment.</param>
    /// <param name="by">The labels that tell the averages apart; none: one for all.</param>
    /// <param name="offset">How long before the moment that time ended, such as <c> offset 1w</c>.</param>
    public static string MeanDurationIn(string window, string by = "", string offset = "")
    {
        return Ratio(Of("sum"), Of("count"), by);

        string Of(string what) => Count("instance_runner_scope_type_status", $"github_runner_job_duration_seconds_{what}", "", window, ",status=\"success\"", offset);
    }

    private static string Count(string level, string family, string suffix, string window, string matchers, string offset = "") =>
        $"sum_over_time({Recorded($"{level}:{family}:increase1m", matchers)}[{window}]{offset}) or {Raw(family + suffix, matchers, window, offset)}";

    // What is recorded by type answers while no runner is chosen, where the raw series would be thousands. "All" is the expression .+, which every metric's name fits and no list of runners does,
    // so one of the two selects nothing.
    private static string Recorded(string name, string matchers) => $"{{__name__=\"{name}\",__name__=~\"$runner_name\",{ChosenType},runner_scope=~\"$runner_scope\"{matchers}}}";

    private static string Raw(string name, string matchers, string window, string offset = "") => $"increase({{__name__=\"{name}\",__name__!~\"$runner_name\",{Chosen}{matchers}}}[{window}]{offset})";

    /// <summary>Seconds as minutes.</summary>
    public static string InMinutes(string seconds) => $"({seconds}) / 60";

    /// <summary>Seconds as hours.</summary>
    public static string InHours(string seconds) => $"({seconds}) / 3600";

    /// <summary>One sum over another, and nothing where the other is zero.</summary>
    public static string Ratio(string part, string whole, string by = "") =>
        by.Length == 0 ? $"sum({part}) / (sum({whole}) > 0)" : $"sum by ({by}) ({part}) / (sum by ({by}) ({whole}) > 0)";

    /// <summary>
    /// A rate over the chosen repositories and environments: the recorded ones weighed by their deployments, which is the rate over all of their deployments together.
    /// </summary>
    public static string DeploymentRate(string recorded, string selector) =>
        $"sum({recorded}{{{selector}}} * on (repository, environment) dora:deployments:increase28d{{{selector}}})"
        + $" / (sum(dora:deployments:increase28d{{{selector}}} and on (repository, environment) {recorded}{{{selector}}}) > 0)";

    /// <summary>
    /// The same ten over the whole range: those that are highest at its end. <c>AT</c> stands where a selector is held at the end.
    /// </summary>
    public static Query Top(string label, string expression) => new(
        $"({expression.Replace("AT)", ")", StringComparison.Ordinal)}) and on ({label}) topk(10, {expression.Replace("AT)", " @ end())", StringComparison.Ordinal)})", $"{{{{{label}}}}}");
}
