using System.Text.RegularExpressions;

namespace RunnerMetrics.Testing;

/// <summary>One question of a dashboard to Prometheus.</summary>
public sealed partial record DashboardQuery(string File, string Panel, string Legend, string Expression, bool IsInstant)
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

    /// <summary>The metrics that it names.</summary>
    public IReadOnlyList<string> Metrics => MetricsOf(Expression);

    /// <summary>A variable's choices as PromQL: <c>label_values(metric, label)</c> is no function of Prometheus, but of Grafana.</summary>
    public static DashboardQuery OfVariable(string file, string name, string definition)
    {
        var parts = LabelValues().Match(definition);
        Assert.True(parts.Success, $"{file}: the variable {name} is not label_values(metric, label): {definition}");
        return new DashboardQuery(file, "variable", name, $"count by ({parts.Groups["label"].Value}) (last_over_time({parts.Groups["metric"].Value}[1d]))", IsInstant: true);
    }

    /// <summary>As Grafana sends it; without anything said, over a day that is scraped every two minutes, with every choice at All.</summary>
    /// <param name="window">What stands in place of every fixed time that it looks back, or null.</param>
    /// <param name="runners">The chosen runners, as a regular expression.</param>
    /// <param name="range">The dashboard's range.</param>
    /// <param name="rateInterval">What Grafana puts in for <c>$__rate_interval</c>.</param>
    public string Substitute(string? window = null, string runners = ".+", string range = "1d", string rateInterval = "8m")
    {
        var text = Expression
            .Replace("$__rate_interval", window ?? rateInterval, StringComparison.Ordinal)
            .Replace("$__range", range, StringComparison.Ordinal)
            .Replace("$runner_name", runners, StringComparison.Ordinal)
            .Replace("$runner_scope", ".*", StringComparison.Ordinal);
        text = Variable().Replace(window is null ? text : Fixed().Replace(text, $"[{window}]"), ".+");
        Assert.DoesNotContain("$", text, StringComparison.Ordinal);
        return text;
    }

    public override string ToString() => $"{File}, {Panel}, {Legend}: {Expression}";

    public static IReadOnlyList<string> MetricsOf(string expression)
    {
        var matched = MatchedNames().Matches(expression).SelectMany(match => match.Groups["names"].Value.Split('|'));
        var text = Strings().Replace(expression, "");
        text = Grouping().Replace(NotNames().Replace(text, " "), " ");
        return [.. Name().Matches(text).Select(match => match.Value).Where(name => !Words.Contains(name)).Concat(matched).Distinct()];
    }

    [GeneratedRegex(@"^label_values\((?<metric>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("__name__=~?\"(?<names>[\\w:|]+)\"")]
    private static partial Regex MatchedNames();

    // [1h]
    [GeneratedRegex(@"\[\d+[mhd]\]")]
    private static partial Regex Fixed();

    [GeneratedRegex(@"\$(?:\w+|\{\w+\})")]
    private static partial Regex Variable();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Strings();

    // Matchers of labels, and lengths of time.
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex NotNames();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    // A name that is not called.
    [GeneratedRegex(@"(?<![\w:])[a-zA-Z_:](?>[\w:]*)(?!\s*\()")]
    private static partial Regex Name();
}
