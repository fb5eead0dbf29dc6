using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>The first look: what the fleet does, how its jobs and deployments go, and whether the exporter is well.</summary>
internal static class RunnerOverview
{
    private const string AllRepositories = "Over all repositories: the runner filter does not apply here.";

    // Named once, because the table shows its last part too.
    private const string ByRunner = "max by (runner_name, runner_type, runner_scope)";

    public static Dashboard Dashboard { get; } = new(
        "runner-overview",
        "GitHub runners: overview",
        "Self-hosted GitHub Actions runners: which are online, which jobs ran and how they ended, and deployments.",
        "now-24h",
        RunnerVariables,
        [
            new Row("Runners", Status(), Uptime(), ActiveRunners()),
            new Row("Jobs", TotalJobs(), SuccessRate(), StatusDistribution(), CacheHitRates(), JobsPerHour(), JobDurations()),
            new Row("Deployments, over 28 days", DeploymentFrequency(), LeadTime(), ChangeFailureRate()),
            new Row("Each runner", Timeline(), Table()),
            new Row("The exporter", Events(), IngestLag(), SeriesShown(), Journal()),
        ]);

    private static Panel Status() => new(
        PanelType.Stat, "Runner status",
        "Runners by current state, including ephemeral ones. Offline: no heartbeat for longer than the time-out, or stopped. Disconnected: running, but not connected to GitHub. The name filter does not apply here.",
        "short", 8, new Query($"sum by (state) (github_runners{{{ChosenType}}})", "{{state}}"))
    {
        Height = 7,
        Series =
        [
            new("busy", "blue"), new("idle", "green"),
            new("disconnected") { Thresholds = [new("green"), new("orange", 1)] }, new("offline") { Thresholds = [new("green"), new("red", 1)] },
        ],
    };

    private static Panel Uptime() => new(
        PanelType.Stat, "Uptime",
        "How long the listeners of online runners have been running: the shortest, the median and the longest. A short one means a restart.",
        "s", 6,
        new Query($"min(github_runner_uptime_seconds{{{Chosen}}})", "shortest"),
        new Query($"quantile(0.5, github_runner_uptime_seconds{{{Chosen}}})", "median"),
        new Query($"max(github_runner_uptime_seconds{{{Chosen}}})", "longest"))
    {
        Height = 7,
        Decimals = 1,
        Listed = true,
    };

    private static Panel ActiveRunners() => new(
        PanelType.TimeSeries, "Active runners",
        "Online runners, busy below idle. If no runner is idle for long, jobs wait. The name filter does not apply here.",
        "short", 10, new Query($"sum by (state) (github_runners{{{ChosenType},state=~\"busy|idle\"}})", "{{state}}"))
    {
        Height = 7,
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StateColors,
    };

    private static Panel TotalJobs() => new(
        PanelType.Stat, "Total jobs", "Jobs that ended in the selected range, with any status. Each counts once.",
        "locale", 4, new Query($"sum(increase(github_runner_jobs_total{{{Chosen}}}[$__range]))", "jobs"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel SuccessRate() => new(
        PanelType.Gauge, "Success rate", "Successful jobs, of all that ended in the selected range, including failed, cancelled and lost ones.",
        "percentunit", 5,
        new Query(
            Ratio($"increase(github_runner_jobs_total{{{Chosen},status=\"success\"}}[$__range])", $"increase(github_runner_jobs_total{{{Chosen}}}[$__range])"), "success rate"))
    {
        Height = 7,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = MoreIsBetter,
    };

    private static Panel StatusDistribution() => new(
        PanelType.PieChart, "Status distribution", "Jobs in the selected range, by status. Lost: the runner was gone before a result was reported.",
        "locale", 7, new Query($"sum by (status) (increase(github_runner_jobs_total{{{Chosen}}}[$__range]))", "{{status}}"))
    {
        Height = 7,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel CacheHitRates() => new(
        PanelType.BarGauge, "Cache hit rates", "Hits of all requests to build caches in the selected range, by cache type. Only requests that jobs reported.",
        "percentunit", 8,
        new Query(
            Ratio($"increase(github_runner_cache_requests_total{{{Chosen},result=\"hit\"}}[$__range])", $"increase(github_runner_cache_requests_total{{{Chosen}}}[$__range])", "cache_type"),
            "{{cache_type}}"))
    {
        Height = 7,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = [new("red"), new("orange", 0.5), new("green", 0.8)],
    };

    private static Panel JobsPerHour() => new(
        PanelType.Bars, "Jobs per hour", "Jobs that ended in the hour before each moment, by status.",
        "short", 12, new Query($"sum by (status) (increase(github_runner_jobs_total{{{Chosen}}}[1h]))", "{{status}}"))
    {
        Interval = "10m",
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel JobDurations() => new(
        PanelType.TimeSeries, "Job duration trends", "How long jobs took, from the runner's start of a job to its end: the median and the 95th percentile. A gap means that no job ended.",
        "s", 12,
        new Query(Quantile("0.50", "github_runner_job_duration_seconds", Chosen), "median"),
        new Query(Quantile("0.95", "github_runner_job_duration_seconds", Chosen), "95th percentile"))
    {
        Interval = "15m",
        Min = 0,
    };

    private static Panel DeploymentFrequency() => new(
        PanelType.Stat, "Deployment frequency", "Successful deployments a day. " + AllRepositories,
        "suffix: a day", 8, new Query("sum(dora:deployment_frequency:per_day28d)", "deployments a day"))
    {
        Height = 5,
        Decimals = 2,
    };

    private static Panel LeadTime() => new(
        PanelType.Stat, "Lead time", "From a commit to the end of the deployment that first shipped it: the median of the repositories' medians. " + AllRepositories,
        "s", 8, new Query("quantile(0.5, dora:change_lead_time_seconds:p50_28d)", "lead time"))
    {
        Height = 5,
        Decimals = 1,
        Thresholds = [new("green"), new("orange", 604_800), new("red", 2_592_000)],
    };

    private static Panel ChangeFailureRate() => new(
        PanelType.Stat, "Change failure rate",
        "Successful deployments that an incident or a rework was traced to, of all successful ones in repositories that report them. " + AllRepositories,
        "percentunit", 8, new Query(DeploymentRate("dora:change_fail:ratio28d", ""), "change failure rate"))
    {
        Height = 5,
        Decimals = 1,
        Thresholds = LessIsBetter,
    };

    private static Panel Timeline() => new(
        PanelType.StateTimeline, "Runners that were online least", "The twenty runners with the least online time in the selected range, and when they were online. A smaller fleet is shown completely.",
        "short", 24,
        new Query(
            $"{ByRunner} (github_runner_status{{{Chosen}}}) and on (runner_name, runner_type, runner_scope) "
            + $"bottomk(20, {ByRunner} (avg_over_time(github_runner_status{{{Chosen}}}[$__range] @ end())))",
            "{{runner_name}} {{runner_scope}}"))
    {
        Height = 12,
        Mappings = [new("1", "online", "green"), new("0", "offline", "red")],
        Thresholds = [new("red"), new("green", 1)],
    };

    private static Panel Table() => new(
        PanelType.Table, "Runners", "The selected runners. Columns can be sorted and filtered. Ephemeral runners have no row here: they are in the counts above.",
        "short", 24,
        new Query($"{ByRunner} (github_runner_status{{{Chosen}}})", "Status") { Mappings = [new("1", "online", "green"), new("0", "offline", "red")] },
        new Query($"{ByRunner} (github_runner_busy{{{Chosen}}}) and on (runner_name, runner_type, runner_scope) {ByRunner} (github_runner_status{{{Chosen}}}) == 1", "Work") { Mappings = [new("1", "busy", "blue"), new("0", "idle", "text")] },
        new Query($"{ByRunner} (github_runner_uptime_seconds{{{Chosen}}})", "Uptime") { Unit = "s", Decimals = 1 },
        new Query($"time() - {ByRunner} (github_runner_last_heartbeat_timestamp_seconds{{{Chosen}}})", "Heard of before")
        {
            Unit = "s",
            Decimals = 0,
            Thresholds = [new("text"), new("orange", 60), new("red", 300)],
        },
        new Query($"sum by (runner_name, runner_type, runner_scope) (increase(github_runner_jobs_total{{{Chosen}}}[$__range])) and on (runner_name, runner_type, runner_scope) github_runner_status", "Jobs") { Decimals = 0 },
        new Query($"max by (runner_name, runner_type, runner_scope, version) (github_runner_info{{{Chosen}}})", "Known") { Hidden = true })
    {
        Height = 10,
        SortedBy = "Heard of before",
    };

    private static Panel Events() => new(
        PanelType.TimeSeries, "Events", "Events per second that reached the exporter, from agents (grpc) and GitHub (webhook), by outcome; only outcomes that occurred in the selected range.",
        "cps", 6,
        new Query(
            "sum by (source, outcome) (rate(runner_metrics_events_total[$__rate_interval])) and on (source, outcome) (sum by (source, outcome) (increase(runner_metrics_events_total[$__range] @ end())) > 0)",
            "{{source}} {{outcome}}"));

    private static Panel IngestLag() => new(
        PanelType.TimeSeries, "Delay of events", "How long after they happened events arrived: the 95th percentile. It rises while agents deliver events from a network failure.",
        "s", 6, new Query(Quantile("0.95", "runner_metrics_ingest_lag_seconds", ""), "95th percentile"))
    {
        Interval = "5m",
    };

    private static Panel SeriesShown() => new(
        PanelType.TimeSeries, "Series", "Series in the last scrape, and sources that exceeded the limit in the hour before: their series are left out.",
        "short", 6, new Query("sum(runner_metrics_series)", "series"), new Query("sum(increase(runner_metrics_dropped_series_total[1h]))", "left out"));

    private static Panel Journal() => new(
        PanelType.TimeSeries, "Journal", "How long it took to make a group of events durable (99th percentile), and groups that failed: those were not acknowledged, and are sent again.",
        "s", 6,
        new Query(Quantile("0.99", "runner_metrics_journal_commit_duration_seconds", ""), "commit"),
        new Query("sum(rate(runner_metrics_journal_failures_total[$__rate_interval]))", "failed"))
    {
        Interval = "5m",
        Series = [new("failed", "red") { RightAxisUnit = "cps" }],
    };
}
