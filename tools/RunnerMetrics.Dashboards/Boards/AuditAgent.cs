using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.AutomationShared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What the audit agent does and finds.</summary>
internal static class AuditAgent
{
    private const double Late = 6 * 3600;

    public static Dashboard Dashboard { get; } = new(
        "audit-agent",
        "Automation: audit agent",
        "Audits that ran, how long they took, and what they found: commits, completion markers, coverage.",
        "now-24h",
        Processes("audit_agent_active_tasks"),
        [
            new Row("Now", SinceTheLast(), Coverage(), Audits(), Active()),
            new Row("Audits", AuditsOverTime(), Duration(), Analysis()),
            new Row("What they found", CoverageOverTime(), Commits(), Markers()),
            new Row("Trouble", Errors(), Age()),
        ])
    {
        Family = DashboardFamily.Automation,
    };

    private static Panel SinceTheLast() => new(
        PanelType.Stat, "Since the last audit", "Time since the last audit ended: the longest and the shortest of all processes. Red is the alert's threshold.",
        "s", 7,
        new Query($"time() - min(audit_agent_last_run_timestamp_seconds{{{Chosen}}})", "longest"),
        new Query($"time() - max(audit_agent_last_run_timestamp_seconds{{{Chosen}}})", "shortest"))
    {
        NoValue = "no audit has ended",
        Height = 7,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", Late / 2), new("red", Late)],
    };

    private static Panel Coverage() => new(
        PanelType.Gauge, "Coverage", "Lines covered by tests, as last measured; of several processes, the lowest.",
        "percent", 6, new Query($"min(audit_agent_coverage_percent{{{Chosen}}})", "coverage"))
    {
        Height = 7,
        Min = 0,
        Max = 100,
        Decimals = 1,
        Thresholds = [new("red"), new("orange", 60), new("green", 80)],
    };

    private static Panel Audits() => new(
        PanelType.Stat, "Audits", "Audits that ended in the selected range, by trigger.",
        "short", 7, new Query(Grown("audit_agent_runs_total", matchers: ",trigger=\"schedule\""), "by schedule"), new Query(Grown("audit_agent_runs_total", matchers: ",trigger=\"demand\""), "on demand"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel Active() => new(
        PanelType.Stat, "Active tasks", "Audit tasks in progress.",
        "short", 4, new Query($"sum(audit_agent_active_tasks{{{Chosen}}})", "tasks"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel AuditsOverTime() => new(
        PanelType.Bars, "Audits by trigger", "Audits that ended in the hour before each moment, by trigger.",
        "short", 8, new Query(Growing("audit_agent_runs_total", "1h", "trigger"), "{{trigger}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel Duration() => new(
        PanelType.TimeSeries, "Audits take", "The median and the 95th percentile of the hour before each moment, estimated within a bucket.",
        "s", 8, Percentiles("audit_agent_run_duration_seconds", "1h"))
    {
        Min = 0,
    };

    private static Panel Analysis() => new(
        PanelType.TimeSeries, "Single analyses take", "Of commits, documents and coverage: the median and the 95th percentile of the hour before each moment.",
        "s", 8, Percentiles("audit_agent_analysis_duration_seconds", "1h"))
    {
        Min = 0,
    };

    private static Panel CoverageOverTime() => new(
        PanelType.TimeSeries, "Coverage over time", "Lines covered by tests, as last measured; a gap if nothing was measured. The ten processes with the highest coverage at the end.",
        "percent", 8, Shared.Top("instance", $"max by (instance) (audit_agent_coverage_percent{{{Chosen}}}AT)"))
    {
        Min = 0,
        Max = 100,
        Decimals = 1,
    };

    private static Panel Commits() => new(
        PanelType.Bars, "New commits", "Commits that audits saw for the first time, in the hour before each moment; those from before the first audit do not count.",
        "locale", 8, new Query(Growing("audit_agent_git_commits_detected_total", "1h"), "commits"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Markers() => new(
        PanelType.Bars, "New completion markers", "Completion markers that audits found in documents for the first time, in the hour before each moment.",
        "locale", 8, new Query(Growing("audit_agent_completion_markers_found_total", "1h"), "markers"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Errors() => new(
        PanelType.Bars, "Errors of the agent", "In the hour before each moment, by type: reading commits, documents or coverage.",
        "short", 12, new Query(Growing("audit_agent_errors_total", "1h", "type"), "{{type}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel Age() => new(
        PanelType.TimeSeries, "Age of the last audit", "The age of the newest audit at each moment: a sawtooth as high as the schedule's interval. The line is the alert's threshold.",
        Shared.Hours, 12, Shared.Top("instance", $"(time() - max by (instance) (audit_agent_last_run_timestamp_seconds{{{Chosen}}}AT)) / 3600"))
    {
        Min = 0,
        Thresholds = [new("transparent"), new("red", Late / 3600)],
    };
}
