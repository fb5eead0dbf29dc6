using RunnerMetrics.Dashboards.Boards;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>The dashboards as the files that Grafana reads.</summary>
public static class DashboardFiles
{
    private static readonly Dashboard[] All =
    [
        RunnerOverview.Dashboard, JobAnalysis.Dashboard, DoraMetrics.Dashboard, PerformanceTrends.Dashboard, ResourceUtilization.Dashboard,
        SystemHealth.Dashboard, TestWatcher.Dashboard, AuditAgent.Dashboard, ApiMetrics.Dashboard,
    ];

    /// <summary>The text of each file, by its name.</summary>
    public static IReadOnlyDictionary<string, string> Render() =>
        All.ToDictionary(dashboard => $"{dashboard.Uid}.json", DashboardJson.Write);
}
