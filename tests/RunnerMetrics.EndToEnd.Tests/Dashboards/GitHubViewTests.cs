using System.Globalization;
using System.Text;
using RunnerMetrics.Domain;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The dashboard of GitHub's view, asked of a real Prometheus that holds two hours of two exporters: one asks for two organisations, the other for one of them too.</summary>
public sealed class GitHubViewTests
{
    private const int Minutes = 120;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OverTwoHours_ShowWhatGitHubSaid()
    {
        PrometheusServer.SkipWhereMissing();
        Promtool.SkipWhereMissing();
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        var folder = Directory.CreateTempSubdirectory("runner-metrics-github-");
        PrometheusServer? prometheus = null;
        try
        {
            var file = Path.Combine(folder.FullName, "samples.txt");
            await File.WriteAllTextAsync(file, Samples(end), Cancelled);
            await BackfilledDay.StoreAsync(file, folder, Cancelled);
            prometheus = await PrometheusServer.StartOnHistoryAsync(folder, Path.Combine(folder.FullName, "none*.yml"), Cancelled);
            foreach (var query in GrafanaDashboard.GitHub.Queries.Where(query => query.Panel != "annotation"))
            {
                var values = query.IsInstant
                    ? (await AskAsync(prometheus, query, end)).Select(sample => sample.Value).ToList()
                    : [.. (await prometheus.QueryRangeAsync(query.Substitute(range: "2h"), end.AddMinutes(-Minutes), end, TimeSpan.FromMinutes(1), Cancelled)).SelectMany(series => series.Points).Select(point => point.Value)];
                Assert.True(values.Count > 0, $"nothing: {query}");
                Assert.DoesNotContain(values, double.IsNaN);
            }

            // Both exporters hear the same of acme: its runners count once.
            Assert.Equal(3 + 2, await ValueAsync("Registered runners", "idle"));
            Assert.Equal(1, await ValueAsync("Registered runners", "offline"));
            Assert.Equal(["agent 0", "disagreement 1", "github 2"], await ListAsync("GitHub and agents differ", "{{side}}", "side"));
            Assert.Equal(["all_busy 120", "no_matching_runner 900"], await ListAsync("Oldest wait, by reason", "{{reason}}", "reason"));
            Assert.Equal(["jobs 1", "runners 0"], await ListAsync("What is asked", "{{feature}}", "feature"));
            Assert.Equal(["app 0.06", "installation 0.2"], await ListAsync("Used of the limit", "{{credential}}", "credential"));
            Assert.Equal(1, await ValueAsync("Webhooks missing", "missing"));
            Assert.Equal(7 * 86_400, await ValueAsync("Versions that GitHub ends", "Left"));
            Assert.Equal(4, await ValueAsync("Delay of jobs from the API", "delay"));
        }
        finally
        {
            if (prometheus is not null)
            {
                await prometheus.DisposeAsync();
            }

            if (Directory.Exists(folder.FullName))
            {
                folder.Delete(recursive: true);
            }
        }

        async Task<double> ValueAsync(string panel, string legend) =>
            Assert.Single(await AskAsync(prometheus, GrafanaDashboard.GitHub.Query(panel, legend), end)).Value;

        async Task<IEnumerable<string>> ListAsync(string panel, string legend, string label) =>
            (await AskAsync(prometheus, GrafanaDashboard.GitHub.Query(panel, legend), end))
                .Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Labels[label]} {Math.Round(sample.Value, 6)}")).Order(StringComparer.Ordinal);
    }

    private static Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> AskAsync(PrometheusServer prometheus, DashboardQuery query, DateTimeOffset end) =>
        prometheus.QueryAsync(query.Substitute(range: "2h"), Cancelled, end);

    private static string Samples(DateTimeOffset end)
    {
        var text = new StringBuilder();
        for (var minute = 0; minute <= Minutes; minute++)
        {
            var at = end.AddMinutes(minute - Minutes).ToUnixTimeSeconds();
            foreach (var exporter in (string[])["one", "two"])
            {
                Write(MetricCatalog.BuildInfo, 1, "2.3.0", "NativeAOT");
                Write(MetricCatalog.RunnersRegistered, 3, "github.com/acme", "idle");
                Write(MetricCatalog.RunnersRegistered, 4, "github.com/acme", "busy");
                Write(MetricCatalog.RunnersRegistered, 1, "github.com/acme", "offline");
                Write(MetricCatalog.RunnersUnmatched, 0, "agent");
                Write(MetricCatalog.RunnersUnmatched, exporter == "one" ? 2 : 1, "github");
                Write(MetricCatalog.RunnersUnmatched, 1, "disagreement");
                Write(MetricCatalog.OldestWait, 900, "", "no_matching_runner");
                Write(MetricCatalog.OldestWait, 120, "standard", "all_busy");
                Write(MetricCatalog.RunnerVersionDeprecation, end.ToUnixTimeSeconds() + (7 * 86_400), "2.335.0");
                Write(MetricCatalog.GitHubRequests, minute * 3, "ok");
                Write(MetricCatalog.GitHubRequests, minute * 5, "unchanged");
                Write(MetricCatalog.GitHubRateLimit, 5000, "installation");
                Write(MetricCatalog.GitHubRateLimit, 5000, "app");
                Write(MetricCatalog.GitHubRateRemaining, 4000 - minute, "installation");
                Write(MetricCatalog.GitHubRateUsed, 500, "installation");
                Write(MetricCatalog.GitHubRateUsed, 150, "app");
                Write(MetricCatalog.GitHubWorking, 1, "jobs");
                Write(MetricCatalog.GitHubWorking, exporter == "one" ? 0 : 1, "runners");
                Write(MetricCatalog.GitHubDeliveries, minute / 10, "found");
                Write(MetricCatalog.GitHubDeliveries, minute / 12, "recovered");
                Write(MetricCatalog.GitHubDeliveriesMissing, exporter == "one" ? 1 : 0);
                Write(MetricCatalog.GitHubPollLag, exporter == "one" ? 240 : 60);
                if (exporter == "one")
                {
                    Write(MetricCatalog.RunnersRegistered, 2, "github.com/other", "idle");
                }

                void Write(MetricDescriptor family, double value, params string[] labels)
                {
                    Assert.Equal(family.Labels.Count, labels.Length);
                    var own = family.Labels.Zip(labels).Where(label => label.Second.Length > 0).Select(label => $",{label.First}=\"{label.Second}\"");
                    text.Append(CultureInfo.InvariantCulture, $"{family.Name}{{job=\"runner-metrics\",instance=\"{exporter}:9091\"{string.Concat(own)}}} {value} {at}\n");
                }
            }
        }

        return text.Append("# EOF\n").ToString();
    }
}
