using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What the dashboards of the automation platform say in the same way.</summary>
internal static class AutomationShared
{
    /// <summary>The chosen processes.</summary>
    public const string Chosen = "job=~\"$job\",instance=~\"$instance\"";

    /// <summary>The APIs that are asked for. One more is a word here, and one more arm in the alerts of APIs.</summary>
    public static readonly IReadOnlyList<string> Apis = ["deepseek", "perplexity"];

    /// <summary>How tests end.</summary>
    public static readonly IReadOnlyList<Series> OutcomeColors = [new("pass", "green"), new("fail", "red"), new("error", "purple")];

    /// <summary>A percentage that ought to be low.</summary>
    public static readonly IReadOnlyList<Threshold> PercentFull = [new("green"), new("orange", 75), new("red", 90)];

    /// <summary>The variables: the processes that serve a metric.</summary>
    /// <param name="metric">The metric, or nothing where the matcher has its name.</param>
    /// <param name="matcher">What else holds for it, ended by a comma.</param>
    public static IReadOnlyList<Variable> Processes(string metric, string matcher = "") =>
    [
        new("job", "Job", matcher.Length == 0 ? metric : $"{metric}{{{matcher.TrimEnd(',')}}}"),
        new("instance", "Process", $"{metric}{{{matcher}job=~\"$job\"}}"),
    ];

    /// <summary>The median and the 95th percentile of a histogram.</summary>
    /// <param name="histogram">The family's name.</param>
    /// <param name="window">How long before each moment.</param>
    /// <param name="prefix">What stands before the series' names.</param>
    public static IReadOnlyList<Query> Percentiles(string histogram, string window, string prefix = "") =>
        [new(Quantile("0.50", histogram, Chosen, window), prefix + "median"), new(Quantile("0.95", histogram, Chosen, window), prefix + "95th percentile")];

    /// <summary>How much a counter grew in the selected range.</summary>
    public static string Grown(string counter, string by = "", string matchers = "") => $"sum{By(by)}(increase({counter}{{{Chosen}{matchers}}}[$__range]))";

    /// <summary>How much a counter grew in the time before each moment.</summary>
    public static string Growing(string counter, string window, string by = "") => $"sum{By(by)}(increase({counter}{{{Chosen}}}[{window}]))";

    /// <summary>One growth over another in the selected range.</summary>
    public static string Share(string part, string whole) => Ratio($"increase({part}[$__range])", $"increase({whole}[$__range])");

    private static string By(string by) => by.Length == 0 ? "" : $" by ({by}) ";
}
