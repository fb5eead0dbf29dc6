using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>The five DORA metrics, as the recording rules define them.</summary>
internal static class DoraMetrics
{
    private const string Recovery = "dora:failed_deployment_recovery_time_seconds:p50_28d";
    private static readonly IReadOnlyList<Threshold> LeadTimes = [new("green"), new("orange", 604_800), new("red", 2_592_000)];
    private static readonly IReadOnlyList<Threshold> RecoveryTimes = [new("green"), new("orange", 86_400), new("red", 604_800)];

    public static Dashboard Dashboard { get; } = new(
        "dora-metrics",
        "GitHub runners: DORA",
        "Deployment frequency, change lead time, change fail rate, failed deployment recovery time and rework rate, each over the last 28 days.",
        "now-30d",
        [
            new Variable("repository", "Repository", "github_deployments_total"),
            new Variable("environment", "Environment", "github_deployments_total{repository=~\"$repository\"}"),
            Links.LivePage,
            Links.GitHub,
        ],
        [
            new Row(
                "The last 28 days",
                Number("Deployment frequency", "Successful deployments a day.", "suffix: a day", 5, $"sum(dora:deployment_frequency:per_day28d{{{ChosenEnvironment}}})", []),
                Number("Change lead time", "From a commit to the end of the deployment that first shipped it: the median; for several repositories, the median of their medians.",
                    "s", 4, $"quantile(0.5, dora:change_lead_time_seconds:p50_28d{{{ChosenEnvironment}}})", LeadTimes),
                Number("Change fail rate", "Successful deployments that an incident or a rework is traced to, of all successful ones in repositories that report them.",
                    "percentunit", 4, DeploymentRate("dora:change_fail:ratio28d", ChosenEnvironment), LessIsBetter),
                Number("Failed deployment recovery time", "From an incident's opening to its resolution, or from a failed run to the next successful one: the median; for several repositories, the median of their medians.",
                    "s", 6, $"quantile(0.5, {Recovery}{{{ChosenEnvironment}}})", RecoveryTimes),
                Number("Deployment rework rate", "Successful deployments that fixed an earlier one, of all successful ones in repositories that report reworks.",
                    "percentunit", 5, DeploymentRate("dora:deployment_rework:ratio28d", ChosenEnvironment), LessIsBetter)),
            new Row(
                "Trends: each point looks back 28 days",
                Trend("Deployment frequency", "Successful deployments a day; the ten that deploy most.", "suffix: a day", 12, "dora:deployment_frequency:per_day28d"),
                Trend("Change lead time", "The median, from a commit to its deployment; the ten longest.", Hours, 12, "dora:change_lead_time_seconds:p50_28d"),
                Trend("Change fail rate", "The ten highest.", "percentunit", 8, "dora:change_fail:ratio28d"),
                Trend("Failed deployment recovery time", "The median; the ten longest.", Hours, 8, Recovery),
                Trend("Deployment rework rate", "The ten highest.", "percentunit", 8, "dora:deployment_rework:ratio28d")),
            new Row("What happened", Deployments(), Incidents()),
            new Row("Each repository and environment", Table()),
        ]);

    private static Panel Number(string title, string description, string unit, int width, string expression, IReadOnlyList<Threshold> thresholds) =>
        new(PanelType.Stat, title, description, unit, width, new Query(expression, title))
        {
            Height = 5,
            Decimals = unit == "suffix: a day" ? 2 : 1,
            Thresholds = thresholds,
        };

    private static Panel Trend(string title, string description, string unit, int width, string recorded) =>
        new(PanelType.TimeSeries, title + ", over time", description, unit, width, new Query(TenHighest(recorded, unit), "{{repository}} {{environment}}"))
        {
            Min = 0,
            Max = unit == "percentunit" ? 1 : null,
        };

    private static string TenHighest(string recorded, string unit)
    {
        var ten = $"{recorded}{{{ChosenEnvironment}}} and on (repository, environment) topk(10, {recorded}{{{ChosenEnvironment}}} @ end())";
        return unit == Hours ? InHours(ten) : ten;
    }

    private static Panel Deployments() => new(
        PanelType.Bars, "Deployments a day", "Deployments that ended in the 24 hours before each moment. A failed run did not reach users: it is not in any rate.",
        "short", 12, new Query($"sum by (status) (increase(github_deployments_total{{{ChosenEnvironment}}}[1d]))", "{{status}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = [new("success", "green"), new("failure", "red")],
    };

    private static Panel Incidents() => new(
        PanelType.TimeSeries, "Incidents and changes that failed a day",
        "Incidents that were reported in the 24 hours before each moment, and deployments that an incident or a rework was traced to.",
        "short", 12,
        new Query($"sum(increase(github_incidents_total{{{ChosenEnvironment}}}[1d]))", "incidents"),
        new Query($"sum(increase(github_deployment_change_failures_total{{{ChosenEnvironment}}}[1d]))", "changes that failed"),
        new Query($"sum(increase(github_deployment_rework_total{{{ChosenEnvironment}}}[1d]))", "reworks"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Table() => new(
        PanelType.Table, "All five", "The last 28 days. An empty cell is not measured: its input is not reported.",
        "short", 24,
        Column("dora:deployments:increase28d", "Deployments", "short", 0),
        Column("dora:failed_runs:increase28d", "Failed runs", "short", 0),
        Column("dora:deployment_frequency:per_day28d", "A day", "short", 2),
        Column("dora:change_lead_time_seconds:p50_28d", "Lead time", "s", 1, LeadTimes),
        Column("dora:change_lead_time_seconds:mean28d", "Mean lead", "s", 1),
        Column("dora:change_fail:ratio28d", "Fail rate", "percentunit", 1, LessIsBetter),
        Column(Recovery, "Recovery time", "s", 1, RecoveryTimes),
        Column("dora:failed_deployment_recovery_time_seconds:mean28d", "Mean recovery", "s", 1),
        Column("dora:deployment_rework:ratio28d", "Rework rate", "percentunit", 1, LessIsBetter))
    {
        Height = 9,
        SortedBy = "Deployments",
        CellLinks = Links.RepositoryCells,
    };

    private static Query Column(string recorded, string title, string unit, int decimals, IReadOnlyList<Threshold>? thresholds = null) =>
        new($"max by (repository, environment) ({recorded}{{{ChosenEnvironment}}})", title) { Unit = unit, Decimals = decimals, Thresholds = thresholds ?? [] };
}
