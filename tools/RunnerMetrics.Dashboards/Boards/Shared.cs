using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What several dashboards say in the same way.</summary>
internal static class Shared
{
    /// <summary>The chosen runners.</summary>
    public const string Chosen = "runner_type=~\"$runner_type\",runner_name=~\"$runner_name\"";

    /// <summary>The chosen types of runners, of what is not told by name.</summary>
    public const string ChosenType = "runner_type=~\"$runner_type\"";

    /// <summary>The chosen repositories and environments.</summary>
    public const string ChosenEnvironment = "repository=~\"$repository\",environment=~\"$environment\"";

    /// <summary>Colours of how jobs end.</summary>
    public static readonly IReadOnlyList<Series> StatusColors =
        [new("success", "green"), new("failed", "red"), new("cancelled", "#8e8e8e"), new("lost", "purple")];

    /// <summary>Colours of what runners do.</summary>
    public static readonly IReadOnlyList<Series> StateColors =
        [new("busy", "blue"), new("idle", "green"), new("disconnected", "orange"), new("offline", "red")];

    /// <summary>A share of jobs that ought to be near one.</summary>
    public static readonly IReadOnlyList<Threshold> MoreIsBetter = [new("red"), new("orange", 0.8), new("green", 0.95)];

    /// <summary>A share of deployments that ought to be near zero.</summary>
    public static readonly IReadOnlyList<Threshold> LessIsBetter = [new("green"), new("orange", 0.1), new("red", 0.2)];

    /// <summary>How full something is.</summary>
    public static readonly IReadOnlyList<Threshold> Fullness = [new("green"), new("orange", 0.75), new("red", 0.9)];

    /// <summary>The variables of dashboards about runners: the names offered are of the chosen types.</summary>
    public static readonly IReadOnlyList<Variable> RunnerVariables =
    [
        new("runner_type", "Type", "github_runner_jobs_total"),
        new("runner_name", "Runner", $"github_runner_jobs_total{{{ChosenType}}}"),
    ];

    /// <summary>
    /// A quantile of a histogram, and nothing where nothing was observed (which would be NaN).
    /// </summary>
    public static string Quantile(string quantile, string histogram, string selector, params IReadOnlyList<string> by)
    {
        var labels = string.Join(", ", by);
        return $"histogram_quantile({quantile}, sum by ({string.Join(", ", [.. by, "le"])}) (rate({histogram}_bucket{{{selector}}}[$__rate_interval])))"
            + $" and on ({labels}) (sum by ({labels}) (rate({histogram}_count{{{selector}}}[$__rate_interval])) > 0)";
    }

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
