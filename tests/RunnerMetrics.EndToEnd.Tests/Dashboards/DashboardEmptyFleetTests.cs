using Microsoft.Extensions.Logging;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>Dashboards of an exporter that has heard of nobody: empty panels, but no error, no NaN, and no job that never ran.</summary>
public class DashboardEmptyFleetTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfAnEmptyFleet_AreNoErrorAndNoNaN()
    {
        PrometheusServer.SkipWhereMissing();
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, configure: builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(exporter.Urls.First()), Cancelled);
        await prometheus.WaitForAsync("count_over_time(runner_metrics_series[1m])", samples => samples.Any(sample => sample.Value >= 3), Cancelled);

        var automation = GrafanaDashboard.Automation.Select(dashboard => dashboard.File).ToHashSet();
        foreach (var query in GrafanaDashboard.All.SelectMany(dashboard => dashboard.Queries))
        {
            var now = TimeProvider.System.GetUtcNow();
            var values = query.IsInstant
                ? (await prometheus.QueryAsync(query.Substitute(), Cancelled)).Select(sample => sample.Value).ToList()
                : [.. (await prometheus.QueryRangeAsync(query.Substitute(), now - TimeSpan.FromMinutes(1), now, TimeSpan.FromSeconds(5), Cancelled))
                    .SelectMany(series => series.Points).Select(point => point.Value)];
            Assert.DoesNotContain(values, double.IsNaN);
            Assert.True(query.File != GrafanaDashboard.GitHub.File || query.Panel == "variable" || values.Count == 0, $"GitHub's API is not asked, and yet there is an answer: {query}");
            Assert.True(
                values.Count == 0 || (!automation.Contains(query.File) && query.Metrics.All(name => !name.StartsWith("github_", StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal))),
                $"nothing is measured, and yet there is an answer: {query}");
        }

        await exporter.StopAsync(Cancelled);
    }
}
