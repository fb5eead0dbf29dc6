using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>
/// Every question of the automation platform's dashboards and alerts, asked of a real Prometheus that holds hours of its collectors' own answers; the main ones compared with what
/// the platform did.
/// </summary>
public class AutomationDashboardTests(BackfilledPlatform backfilled) : IClassFixture<BackfilledPlatform>
{
    /// <summary>What is empty, and why.</summary>
    private static readonly Dictionary<string, string> Empty = new()
    {
        ["Firing alerts"] = "alerting rules are evaluated after the stored hours only",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SimulatedPlatform Platform => backfilled.Platform;

    [Fact]
    public async Task Queries_OverTheHours_HaveAnswers()
    {
        SkipWhereMissing();
        Assert.Equal(4, GrafanaDashboard.Automation.Count);
        List<string> problems = [];
        foreach (var query in GrafanaDashboard.Automation.SelectMany(dashboard => dashboard.Queries))
        {
            if (await ProblemOfAsync(query) is { } problem)
            {
                problems.Add($"{problem}: {query}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    // The trouble that the platform had, and no other. The memory is that of the tests' own process, in seconds that count as hours: promtool tests that alert.
    [Fact]
    public async Task Alerts_OverTheHours_SeeTheTroubleThatThereWas()
    {
        SkipWhereMissing();
        List<string> seen = [];
        foreach (var (name, expression, _) in (await backfilled.Prometheus.RulesAsync(Cancelled)).Where(rule => rule.Name.StartsWith("Automation", StringComparison.Ordinal) && rule.Name != "AutomationMemoryGrowing"))
        {
            var series = await backfilled.Prometheus.QueryRangeAsync(expression, Platform.Start, Platform.End, SimulatedPlatform.Step, Cancelled);
            Assert.DoesNotContain(series.SelectMany(one => one.Points), point => double.IsNaN(point.Value));
            Assert.All(series, one => Assert.True(one.Points.All(point => point.Time < Platform.End.ToUnixTimeSeconds()), $"{name} is not over at the end"));
            seen.AddRange(series.Count > 0 ? [name] : []);
        }

        Assert.Equal(
            ["AutomationApiFailures", "AutomationApiRateLimited", "AutomationBridgeTimeouts", "AutomationProcessDown", "AutomationWatcherStopped"],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tests_AreWhatTheWatcherRan()
    {
        SkipWhereMissing();
        var all = Platform.Tests.Values.Sum();
        var shown = await AskAsync("test-watcher", "Outcomes", "{{status}}");
        Assert.Equal(["error", "fail", "pass"], shown.Select(sample => sample.Labels["status"]).Order(StringComparer.Ordinal));
        Assert.All(shown, sample => AssertNear(Platform.Tests[Enum.Parse<TestOutcome>(sample.Labels["status"], ignoreCase: true)], sample.Value, sample.Labels["status"]));
        AssertNear(all, await ValueAsync("test-watcher", "Tests", "tests"), "tests");
        AssertNear((double)Platform.Tests[TestOutcome.Pass] / all, await ValueAsync("test-watcher", "Pass rate", "pass rate"), "pass rate");
        AssertNear(Platform.Files, await ValueAsync("test-watcher", "Files processed", "files"), "files");
        Assert.Equal(1, await ValueAsync("test-watcher", "Watchers", "running"));
        Assert.Equal(0, await ValueAsync("test-watcher", "Watchers", "stopped"));
    }

    [Theory]
    [InlineData("median", 0.5)]
    [InlineData("95th percentile", 0.95)]
    public async Task TestRuns_AreWithinABucketOfTheExactOnes(string legend, double quantile)
    {
        SkipWhereMissing();
        var runs = Platform.TestRuns.Order().ToList();
        var exact = runs[(int)Math.Ceiling(quantile * runs.Count) - 1];
        var query = GrafanaDashboard.Of("test-watcher").Query("Test runs take", legend);
        var (_, shown) = Assert.Single(await backfilled.Prometheus.QueryAsync(query.Substitute(window: "1d"), Cancelled, Platform.End));

        Assert.Equal(BucketOf(exact), BucketOf(shown));
    }

    [Fact]
    public async Task Audits_AreWhatTheAgentDid()
    {
        SkipWhereMissing();
        AssertNear(Platform.Audits[AuditTrigger.Schedule], await ValueAsync("audit-agent", "Audits", "by schedule"), "audits by schedule");
        AssertNear(Platform.Audits[AuditTrigger.Demand], await ValueAsync("audit-agent", "Audits", "on demand"), "audits on demand");
        Assert.Equal(Platform.Coverage, await ValueAsync("audit-agent", "Coverage", "coverage"), 1e-9);
        Assert.Equal((Platform.End - Platform.LastAudit).TotalSeconds, await ValueAsync("audit-agent", "Since the last audit", "longest"), 0.01);
        var commits = GrafanaDashboard.Of("audit-agent").Query("New commits", "commits").Substitute(window: "1d");
        AssertNear(Platform.Commits, Assert.Single(await backfilled.Prometheus.QueryAsync(commits, Cancelled, Platform.End)).Value, "commits");
    }

    [Theory]
    [InlineData("deepseek")]
    [InlineData("perplexity")]
    public async Task ApiCalls_AreWhatWasCalled(string api)
    {
        SkipWhereMissing();
        var calls = Platform.ApiCalls.Where(call => call.Api == api).ToList();
        var notGivenUp = calls.Count(call => call.End != ApiCallEnd.Cancelled);
        AssertNear(calls.Count, await ValueAsync("api-metrics", "Calls", api), "calls");
        AssertNear((double)Count(ApiCallEnd.Success) / notGivenUp, await ValueAsync("api-metrics", "Success rate", api), "success rate");
        AssertNear((double)Count(ApiCallEnd.RateLimited) / notGivenUp, await ValueAsync("api-metrics", "Refused by the rate limit", api), "refused");
        AssertNear((double)Count(ApiCallEnd.ServerError, ApiCallEnd.Timeout) / notGivenUp, await ValueAsync("system-health", "API calls that failed", api), "failed");
        AssertNear(Platform.TokensAfterTheFirst[api], await ValueAsync("api-metrics", "Tokens used", api), "tokens");
        var mean = GrafanaDashboard.Of("api-metrics").Query("Calls take, on average", api).Substitute(window: "1d");
        AssertNear(calls.Average(call => call.Seconds), Assert.Single(await backfilled.Prometheus.QueryAsync(mean, Cancelled, Platform.End)).Value, "mean duration");

        int Count(params ApiCallEnd[] ends) => calls.Count(call => ends.Contains(call.End));
    }

    [Fact]
    public async Task Health_IsWhatThePlatformWentThrough()
    {
        SkipWhereMissing();
        Assert.Equal(1, await ValueAsync("system-health", "Processes", "up"));
        Assert.Equal(0, await ValueAsync("system-health", "Processes", "down"));
        Assert.Equal(Platform.Restarts, await ValueAsync("system-health", "Restarts", "{{instance}}"));
        Assert.Equal(0, await ValueAsync("system-health", "Calls on the bridge", "calls"));
        var calls = GrafanaDashboard.Of("system-health").Query("Calls over the bridge", "calls").Substitute(window: "1d");
        AssertNear(Platform.BridgeCalls, Assert.Single(await backfilled.Prometheus.QueryAsync(calls, Cancelled, Platform.End)).Value, "calls over the bridge");
        var timeouts = GrafanaDashboard.Of("system-health").Query("Calls that went wrong", "time-outs").Substitute(window: "1d");
        AssertNear((double)Platform.BridgeTimeouts / Platform.BridgeCalls, Assert.Single(await backfilled.Prometheus.QueryAsync(timeouts, Cancelled, Platform.End)).Value, "time-outs");
    }

    private static void SkipWhereMissing()
    {
        PrometheusServer.SkipWhereMissing();
        Promtool.SkipWhereMissing();
    }

    private static int BucketOf(double value) => AutomationMetricCatalog.TestExecutionDuration.Buckets.Count(bound => bound < value);

    private static void AssertNear(double expected, double actual, string what) =>
        Assert.True(Math.Abs(actual - expected) <= 0.01 * expected, $"{what}: {actual} is shown, and {expected} is right");

    private async Task<string?> ProblemOfAsync(DashboardQuery query)
    {
        List<double> values;
        try
        {
            values = query.IsInstant
                ? [.. (await backfilled.Prometheus.QueryAsync(query.Substitute(), Cancelled, Platform.End)).Select(sample => sample.Value)]
                : [.. (await backfilled.Prometheus.QueryRangeAsync(query.Substitute(), Platform.Start, Platform.End, TimeSpan.FromMinutes(5), Cancelled))
                    .SelectMany(one => one.Points).Select(point => point.Value)];
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }

        return values.Any(double.IsNaN) ? "NaN"
            : values.Count == 0 && !Empty.ContainsKey(query.Legend) ? "nothing"
            : values.Count > 0 && Empty.ContainsKey(query.Legend) ? "an answer, where none was expected"
            : null;
    }

    private Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> AskAsync(string uid, string panel, string legend) =>
        backfilled.Prometheus.QueryAsync(GrafanaDashboard.Of(uid).Query(panel, legend).Substitute(), Cancelled, Platform.End);

    private async Task<double> ValueAsync(string uid, string panel, string legend) => Assert.Single(await AskAsync(uid, panel, legend)).Value;
}
