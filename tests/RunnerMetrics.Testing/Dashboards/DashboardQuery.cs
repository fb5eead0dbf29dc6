using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Testing;

/// <summary>One question of a dashboard to Prometheus.</summary>
public sealed partial record DashboardQuery(string File, string Panel, string Legend, string Expression, bool IsInstant)
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

    /// <summary>The panel's least step, or null.</summary>
    public string? Interval { get; init; }

    /// <summary>The metrics that it names.</summary>
    public IReadOnlyList<string> Metrics => MetricsOf(Expression);

    /// <summary>A variable's choices as PromQL: <c>label_values(metric, label)</c> is no function of Prometheus, but of Grafana.</summary>
    public static DashboardQuery OfVariable(string file, string name, string definition)
    {
        var parts = LabelValues().Match(definition);
        Assert.True(parts.Success, $"{file}: the variable {name} is not label_values(metric, label): {definition}");
        return new DashboardQuery(file, "variable", name, $"count by ({parts.Groups["label"].Value}) (last_over_time({parts.Groups["metric"].Value}[1d]))", IsInstant: true);
    }

    /// <summary>As Grafana sends it, with every choice at All, over a day that is scraped every two minutes.</summary>
    public string Substitute(string? rateInterval = null)
    {
        var step = Interval is { } interval ? MinutesOf(interval) : 5;
        rateInterval ??= string.Create(CultureInfo.InvariantCulture, $"{Math.Max(step + 2, 8)}m");
        var text = Expression
            .Replace("$__rate_interval", rateInterval, StringComparison.Ordinal)
            .Replace("$__range", "1d", StringComparison.Ordinal)
            .Replace("$__interval", "5m", StringComparison.Ordinal);
        text = Variable().Replace(text, ".+");
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

    private static int MinutesOf(string interval) =>
        int.Parse(interval.AsSpan(0, interval.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) * (interval[^1] == 'h' ? 60 : 1);

    [GeneratedRegex(@"^label_values\((?<metric>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("__name__=~\"(?<names>[\\w|]+)\"")]
    private static partial Regex MatchedNames();

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
