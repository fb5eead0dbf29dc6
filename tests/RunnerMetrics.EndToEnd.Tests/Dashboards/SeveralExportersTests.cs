using System.Text;
using System.Text.RegularExpressions;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>Two exporters with half the fleet each, scraped by one Prometheus, give the answers of one exporter with the whole fleet.</summary>
public sealed partial class SeveralExportersTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(6);

    /// <summary>Questions about the exporters themselves, of which there are two: these have two answers, or other ones.</summary>
    private static readonly string[] OfExporters = ["runner_metrics_", "process_", "dotnet_", "up{", "scrape_", "node_", "container_", "ALERTS"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_TwoExportersWithHalfTheFleetEach_AnswerAsOneWithAllOfIt()
    {
        PrometheusServer.SkipWhereMissing();
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is not on this machine: run ./test.sh, or apt-get install prometheus");
        var now = TimeProvider.System.GetUtcNow();
        var day = new SimulatedDay(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero));
        var (whole, halves) = (Directory.CreateTempSubdirectory("runner-metrics-whole-"), Directory.CreateTempSubdirectory("runner-metrics-halves-"));
        try
        {
            await RecordAsync(day, whole, halves);
            await using var ofOne = await PrometheusServer.StartOnHistoryAsync(whole, Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules", "*.yml"), Cancelled);
            await using var ofTwo = await PrometheusServer.StartOnHistoryAsync(halves, Path.Combine(halves.FullName, "none*.yml"), Cancelled);
            var questions = Documented().Concat((await ofOne.RulesAsync(Cancelled)).Where(rule => rule.IsRecording).Select(rule => $"sum without (instance) ({rule.Expression})"))
                .Concat(GrafanaDashboard.All.SelectMany(dashboard => dashboard.Queries).Select(AsAsked))
                .Where(question => !OfExporters.Any(word => question.Contains(word, StringComparison.Ordinal))).Distinct().ToList();

            List<string> problems = [];
            var answered = 0;
            foreach (var question in questions)
            {
                var (one, two) = (await AskAsync(ofOne, question, day), await AskAsync(ofTwo, question, day));
                answered += one.Count > 0 ? 1 : 0;
                problems.AddRange(DifferencesOf(one, two, ToleranceFor(question)).Take(1).Select(difference => $"{difference}: {question}"));
            }

            Assert.True(answered > 40, $"Only {answered} of {questions.Count} questions have an answer.");
            Assert.True(problems.Count == 0, $"{problems.Count} of {questions.Count} differ:\n{string.Join('\n', problems)}");
        }
        finally
        {
            foreach (var folder in (DirectoryInfo[])[whole, halves])
            {
                if (Directory.Exists(folder.FullName))
                {
                    folder.Delete(recursive: true);
                }
            }
        }
    }

    private static async Task RecordAsync(SimulatedDay day, DirectoryInfo whole, DirectoryInfo halves)
    {
        await using var one = await DaysExporter.StartAsync(day.Start, Cancelled, webhookJobs: WebhookJobs.Known);
        await using var first = await DaysExporter.StartAsync(day.Start, Cancelled, "exporter-a:9091", WebhookJobs.Known);
        await using var second = await DaysExporter.StartAsync(day.Start, Cancelled, "exporter-b:9091", WebhookJobs.Known);
        var deployments = new DeploymentDay(day.Start);
        var (wholeFile, halvesFile) = (Path.Combine(whole.FullName, "samples.txt"), Path.Combine(halves.FullName, "samples.txt"));
        await using (StreamWriter wholeText = new(wholeFile, false, new UTF8Encoding(false)), halvesText = new(halvesFile, false, new UTF8Encoding(false)))
        {
            for (var at = day.Start; at <= day.Start + Long; at += SimulatedDay.Step)
            {
                var (fleet, deployed) = (day.Next(at), deployments.Next(at));
                var halvesOfFleet = fleet.Events.ToLookup(told => IsOfFirst(told.Runner.Name));

                // All of them hear of jobs; one hears of deployments.
                await one.TellAsync(at, [.. fleet.Events, .. deployed.Events], [.. fleet.Webhooks, .. deployed.Webhooks], Cancelled);
                await first.TellAsync(at, [.. halvesOfFleet[true], .. deployed.Events], [.. fleet.Webhooks, .. deployed.Webhooks], Cancelled);
                await second.TellAsync(at, [.. halvesOfFleet[false]], fleet.Webhooks, Cancelled);
                await one.WriteScrapeAsync(wholeText, Cancelled);
                await first.WriteScrapeAsync(halvesText, Cancelled);
                await second.WriteScrapeAsync(halvesText, Cancelled);
            }

            await wholeText.WriteAsync("# EOF\n");
            await halvesText.WriteAsync("# EOF\n");
        }

        await BackfilledDay.StoreAsync(wholeFile, whole, Cancelled);
        await BackfilledDay.StoreAsync(halvesFile, halves, Cancelled);
    }

    // Of a variable, what there is to choose; how many series that comes from is nobody's question.
    private static string AsAsked(DashboardQuery query) =>
        query.Panel == "variable" ? query.Substitute().Replace("count by", "group by", StringComparison.Ordinal) : query.Substitute();

    // Sums differ by their order alone. Under a quantile, rate() reaches further back in the shared series of ephemeral runners than in the one of the
    // exporter that met its first such runner within the window.
    private static double ToleranceFor(string question) => question.Contains("histogram_quantile", StringComparison.Ordinal) ? 0.05 : 1e-6;

    // Runners of each type are on both sides.
    private static bool IsOfFirst(string runner) => runner[^1] % 2 == 1;

    // The table of docs/deployment.md: | Jobs by how they ended | `sum by (status) (increase(github_runner_jobs_total[1h]))` |
    private static List<string> Documented()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "deployment.md"));
        var table = text[text.IndexOf("Queries that are correct", StringComparison.Ordinal)..];
        List<string> queries = [.. Row().Matches(table).Select(row => row.Groups["query"].Value).Where(query => !query.StartsWith("sum by (runner_type) (github_workflow_jobs_queued", StringComparison.Ordinal))];
        Assert.True(queries.Count >= 4, "docs/deployment.md has no table of queries that are correct with several exporters.");
        return queries;
    }

    private static async Task<SortedDictionary<string, Dictionary<double, double>>> AskAsync(PrometheusServer prometheus, string question, SimulatedDay day)
    {
        var series = await prometheus.QueryRangeAsync(question, day.Start.AddHours(2), day.Start + Long, 5 * SimulatedDay.Step, Cancelled);
        return new SortedDictionary<string, Dictionary<double, double>>(
            series.ToDictionary(
                one => string.Join(',', one.Labels.Where(label => label.Key != "instance").OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")),
                one => one.Points.ToDictionary(point => point.Time, point => point.Value)),
            StringComparer.Ordinal);
    }

    private static IEnumerable<string> DifferencesOf(SortedDictionary<string, Dictionary<double, double>> one, SortedDictionary<string, Dictionary<double, double>> two, double tolerance)
    {
        foreach (var series in one.Keys.Union(two.Keys))
        {
            if (!one.TryGetValue(series, out var expected) || !two.TryGetValue(series, out var given))
            {
                yield return $"{{{series}}} is only with {(one.ContainsKey(series) ? "one exporter" : "two")}";
                continue;
            }

            foreach (var time in expected.Keys.Union(given.Keys))
            {
                var (a, b) = (expected.TryGetValue(time, out var x) ? x : (double?)null, given.TryGetValue(time, out var y) ? y : (double?)null);
                if (a is null || b is null || !(a == b || Math.Abs(a.Value - b.Value) <= tolerance * Math.Max(Math.Abs(a.Value), Math.Abs(b.Value))))
                {
                    yield return FormattableString.Invariant($"{{{series}}} is {a?.ToString() ?? "absent"} with one exporter, {b?.ToString() ?? "absent"} with two");
                    break;
                }
            }
        }
    }

    [GeneratedRegex(@"^\| [^|]+ \| `(?<query>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
