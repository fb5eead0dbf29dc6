using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deployments;

/// <summary>
/// A year of deployments with known answers, through the exporter's real endpoints into a real Prometheus. The exporter's clock is set, its answers are
/// stored under the times that it shows, and the rules are evaluated over them.
/// </summary>
public partial class DoraYearTests
{
    private static readonly TimeSpan BetweenScrapes = TimeSpan.FromHours(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_AYearOfDeployments_GiveTheKnownAnswers()
    {
        PrometheusServer.SkipWhereMissing();
        Promtool.SkipWhereMissing();
        var now = TimeProvider.System.GetUtcNow();
        var year = new DeploymentYear(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero));
        var folder = Directory.CreateTempSubdirectory("runner-metrics-year-");
        var metrics = Path.Combine(folder.FullName, "year.txt");
        await RecordAsync(year, metrics);

        // Blocks of two hours, as they are without the option, would be thousands.
        string[] store = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=1440h", metrics, Path.Combine(folder.FullName, "data")];
        Assert.Equal((0, ""), await Promtool.RunAsync(store, Cancelled));

        var rules = Path.Combine(folder.FullName, "dora.yml");
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules", "dora.yml"), Cancelled);

        // What the rules look back over is recorded while a Prometheus runs: in its place the counters themselves, of which dora-recorded.test.yml shows that they give the same.
        text = LookingBack().Replace(text, "${counter}${window}");
        await File.WriteAllTextAsync(rules, text.Replace("interval: 4m", "interval: 1s", StringComparison.Ordinal), Cancelled);
        await using var prometheus = await PrometheusServer.StartOnHistoryAsync(folder, rules, Cancelled);

        // What the rules themselves record now, at the end of the year.
        await prometheus.WaitForAsync("{__name__=~\"dora:[cdf].+\"}", samples => samples.Count >= 9, Cancelled);
        foreach (var (name, expected) in year.Answers(DeploymentYear.Periods - 1))
        {
            AssertNear(expected, await prometheus.ValueAsync(name, Cancelled), 0.01, name);
        }

        // The same expressions at the end of each four weeks of the year.
        var expressions = ExpressionsOf(text);
        for (var period = 0; period < DeploymentYear.Periods; period++)
        {
            foreach (var (name, expected) in year.Answers(period))
            {
                var samples = await prometheus.QueryAsync(expressions[name], Cancelled, year.EndOf(period));
                Assert.Equal(expected is null ? 0 : 1, samples.Count);
                if (expected is not null)
                {
                    Assert.Equal(("acme/shop", "production"), (samples[0].Labels["repository"], samples[0].Labels["environment"]));
                    AssertNear(expected, samples[0].Value, 0.001, $"{name} in period {period}");
                }
            }
        }
    }

    private static async Task RecordAsync(DeploymentYear year, string file)
    {
        await using var exporter = await YearsExporter.StartAsync(year.Start, Cancelled);
        await using var output = File.CreateText(file);
        var events = new Queue<YearEvent>(year.Events);
        for (var at = year.Start; at <= year.End; at += BetweenScrapes)
        {
            while (events.TryPeek(out var next) && next.At <= at)
            {
                await exporter.TellAsync(events.Dequeue(), Cancelled);
            }

            await output.WriteAsync(await exporter.ScrapeAsync(at, Cancelled));
        }

        await output.WriteAsync("# EOF\n");
        Assert.Empty(events);
    }

    private static void AssertNear(double? expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected!.Value) <= tolerance * Math.Max(1e-9, Math.Abs(expected.Value)), $"{what}: {actual}, and {expected} is right");

    // One rule may stand on another: its expression is put in its place.
    private static Dictionary<string, string> ExpressionsOf(string rules)
    {
        var expressions = new Dictionary<string, string>();
        foreach (var rule in Rule().Matches(rules).Cast<Match>())
        {
            var expression = rule.Groups["expression"].Value.Trim().TrimStart('|');
            expressions[rule.Groups["name"].Value] = expressions.Aggregate(expression, (text, known) => text.Replace(known.Key, $"({known.Value})", StringComparison.Ordinal));
        }

        return expressions;
    }

    // increase(dora:github_deployments_total{status="success"}[28d])
    [GeneratedRegex(@"dora:(?<counter>github_\w+(?:\{[^}]*\})?)(?<window>\[28d\])")]
    private static partial Regex LookingBack();

    // - record: dora:deployments:increase28d
    //   expr: sum by (…) (…)
    [GeneratedRegex(@"- record: (?<name>\S+)\s+expr:(?<expression>.*?)(?=\n\s*(?:#|- record)|\z)", RegexOptions.Singleline)]
    private static partial Regex Rule();
}
