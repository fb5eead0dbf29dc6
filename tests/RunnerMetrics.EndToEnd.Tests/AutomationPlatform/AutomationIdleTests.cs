using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>Dashboards of a platform that has begun and done nothing: no error, no NaN, no share of nothing, and nothing of what was not measured.</summary>
public class AutomationIdleTests
{
    private static readonly string[] NotMeasured = ["audit_agent_coverage_percent", "audit_agent_last_run_timestamp_seconds", "tokens_used_total", "response_time_seconds"];

    private static readonly string[] OfNothing =
        ["Pass rate", "Success rate", "Refused by the rate limit", "API calls that failed", "Calls that fail", "Calls that are refused", "Calls that went wrong", "Calls take", "Test runs take", "Audits take"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfAnIdlePlatform_AreNoErrorAndNoNaN()
    {
        PrometheusServer.SkipWhereMissing();
        using var process = new PlatformProcess(TimeProvider.System);
        await using var prometheus = await PrometheusServer.StartAsync(process.Address, Cancelled);
        await prometheus.WaitForAsync("count_over_time(test_watcher_is_running[1m])", samples => samples.Any(sample => sample.Value >= 3), Cancelled);

        foreach (var query in GrafanaDashboard.Automation.SelectMany(dashboard => dashboard.Queries))
        {
            var now = TimeProvider.System.GetUtcNow();
            var values = query.IsInstant
                ? (await prometheus.QueryAsync(query.Substitute(), Cancelled)).Select(sample => sample.Value).ToList()
                : [.. (await prometheus.QueryRangeAsync(query.Substitute(), now - TimeSpan.FromMinutes(1), now, TimeSpan.FromSeconds(5), Cancelled))
                    .SelectMany(series => series.Points).Select(point => point.Value)];
            Assert.DoesNotContain(values, double.IsNaN);
            var isMeasured = !OfNothing.Contains(query.Panel) && !query.Metrics.Any(name => NotMeasured.Any(end => name.EndsWith(end, StringComparison.Ordinal)));
            Assert.True(values.Count == 0 || isMeasured, $"nothing is measured, and yet there is an answer: {query}");
        }

        Assert.Equal(0, (await prometheus.QueryAsync(GrafanaDashboard.Of("test-watcher").Query("Tests", "tests").Substitute(), Cancelled)).Single().Value);
    }
}
