using RunnerMetrics.Dashboards.Boards;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>The dashboards as the files that Grafana reads: in <c>grafana</c> those that are provisioned, in <c>import</c> those that people import.</summary>
public static class DashboardFiles
{
    private static readonly Dashboard[] All =
    [
        RunnerOverview.Dashboard, JobAnalysis.Dashboard, DoraMetrics.Dashboard, PerformanceTrends.Dashboard, ResourceUtilization.Dashboard, GitHubView.Dashboard,
        SystemHealth.Dashboard, TestWatcher.Dashboard, AuditAgent.Dashboard, ApiMetrics.Dashboard,
    ];

    /// <summary>The text of each file, by its path in the dashboards' folder.</summary>
    public static IReadOnlyDictionary<string, string> Render() =>
        All.SelectMany(dashboard => new[]
        {
            (Name: $"grafana/{dashboard.Uid}.json", Text: DashboardJson.Text(DashboardJson.Of(dashboard))),
            (Name: $"import/{dashboard.Uid}.json", Text: ImportJson.Write(dashboard)),
        }).ToDictionary(file => file.Name, file => file.Text);
}
