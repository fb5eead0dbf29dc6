namespace RunnerMetrics.Dashboards.Model;

/// <summary>Dashboards about one thing: they lead to each other, and show the same alerts.</summary>
/// <param name="Tag">The tag by which they find each other.</param>
/// <param name="LinkTitle">The title of the list that leads to the others.</param>
/// <param name="FiringAlerts">Asks which alerts fire.</param>
/// <param name="AlertLabels">The labels that an alert's line shows.</param>
internal sealed record DashboardFamily(string Tag, string LinkTitle, string FiringAlerts, string AlertLabels)
{
    /// <summary>The runners, their jobs and deployments. The watchdog always fires: it shows that alerts arrive, and is no event.</summary>
    public static DashboardFamily Runners { get; } = new(
        "runner-metrics",
        "Runner dashboards",
        "max by (alertname, severity, runner_type, runner_name, runner_scope) (ALERTS{alertname=~\"GitHubRunner.+\",alertname!=\"GitHubRunnerWatchdog\",alertstate=\"firing\"})",
        "severity,runner_type,runner_name,runner_scope");

    /// <summary>The automation platform. What its variables choose means nothing to the runners' dashboards, so neither family leads to the other.</summary>
    public static DashboardFamily Automation { get; } = new(
        "runner-metrics-automation",
        "Automation dashboards",
        "max by (alertname, severity, job, instance) (ALERTS{alertname=~\"Automation.+\",alertstate=\"firing\"})",
        "severity,job,instance");
}
