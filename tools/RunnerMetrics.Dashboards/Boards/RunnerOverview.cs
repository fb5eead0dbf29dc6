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
        [.. RunnerVariables, Links.LivePage],
        [
            new Row("What is wrong now", Offline(), Disconnected(), Waiting(), Unresolved(), NotOfTheJob(), Alerts()),
            new Row("Runners", ActiveRunners(), RunnersByState()),
            new Row("Jobs", TotalJobs(), SuccessRate(), StatusDistribution(), JobsPerHour(), JobDurations(), CacheHitRates()),
            new Row("Deployments, over 28 days", DeploymentFrequency(), LeadTime(), ChangeFailureRate()),
            new Row("Each runner", Timeline(), Uptime(), Table()),
            new Row("The exporter", Events(), IngestLag(), SeriesShown(), Journal()),
        ]);

    private static Panel Offline() => Trouble(
        "Offline", "Runners without a heartbeat for longer than the time-out, or stopped. The name filter does not apply here.",
        $"sum(github_runners{{{ChosenType},state=\"offline\"}})", "red");

    private static Panel Disconnected() => Trouble(
        "Disconnected", "Runners that are running, but not connected to GitHub. The name filter does not apply here.",
        $"sum(github_runners{{{ChosenType},state=\"disconnected\"}})", "orange");

    private static Panel Waiting() => Trouble(
        "Jobs that wait", "Jobs of the selected types that wait for a runner. Needs GitHub's webhooks. The name filter does not apply here.",
        $"sum(github_workflow_jobs_queued{{{ChosenType}}})", "orange");

    private static Panel Unresolved() => Trouble(
        "Unresolved jobs", "Jobs that started and then went silent. They are not lost yet: a runner that returns reports how they ended.",
        $"sum(github_runner_jobs_unresolved{{{Chosen}}})", "orange");

    private static Panel NotOfTheJob() => Trouble(
        "Failures of the fleet", "Jobs that failed in the last hour because of their setup, their runner or an unknown reason, not because of a step.",
        $"sum(increase(github_runner_job_failures_total{{{Chosen},reason!=\"job\"}}[1h]))", "red") with
    {
        Links = Links.Failed,
    };

    // The watchdog always fires if the rules are loaded: without it, nobody knows that there is no alert.
    private static Panel Alerts() => Trouble(
        "Alerts", "Alerts of the runner rules that fire now. \"Not measured\" means that the rules are not loaded.",
        "count(ALERTS{alertname=~\"GitHubRunner.+\",alertname!=\"GitHubRunnerWatchdog\",alertstate=\"firing\"}) or 0 * count(ALERTS{alertname=\"GitHubRunnerWatchdog\",alertstate=\"firing\"})", "red");

    private static Panel Trouble(string title, string description, string expression, string color) => new(
        PanelType.Stat, title, description, "short", 4, new Query(expression, title.ToLowerInvariant()))
    {
        Height = 4,
        Decimals = 0,
        Thresholds = [new("green"), new(color, 0.5)],
    };

    private static Panel ActiveRunners() => new(
        PanelType.Stat, "Active runners", "Runners that are online now, idle or busy, including ephemeral ones. The name filter does not apply here.",
        "short", 4, new Query($"sum(github_runners{{{ChosenType},state=~\"busy|idle\"}})", "online"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel RunnersByState() => new(
        PanelType.TimeSeries, "Runners by state",
        "Runners by state over time, including ephemeral ones. If no runner is idle for long, jobs wait. The name filter does not apply here.",
        "short", 20, new Query($"sum by (state) (github_runners{{{ChosenType}}})", "{{state}}"))
    {
        Height = 7,
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StateColors,
    };

    private static Panel TotalJobs() => new(
        PanelType.Stat, "Total jobs", "Jobs that ended in the selected range, with any status. Each counts once.",
        "locale", 6, new Query($"sum({JobsIn("$__range")})", "jobs"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel SuccessRate() => new(
        PanelType.Gauge, "Success rate", "Successful jobs, of all that ended in the selected range, including failed, cancelled and lost ones.",
        "percentunit", 8,
        new Query(
            Ratio(JobsIn("$__range", ",status=\"success\""), JobsIn("$__range")), "success rate"))
    {
        Height = 7,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = MoreIsBetter,
    };

    private static Panel StatusDistribution() => new(
        PanelType.PieChart, "Job status distribution", "Jobs in the selected range, by status. Lost: the runner was gone before a result was reported.",
        "locale", 10, new Query($"sum by (status) ({JobsIn("$__range")})", "{{status}}"))
    {
        Links = Links.JobsOfStatus,
        Height = 7,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel CacheHitRates() => new(
        PanelType.TimeSeries, "Cache hit rates", "Hits of all requests to build caches in the hour before each moment, by cache type. Only requests that jobs reported.",
        "percentunit", 24,
        new Query(
            Ratio(CacheRequestsIn("1h", ",result=\"hit\""), CacheRequestsIn("1h"), "cache_type"),
            "{{cache_type}}"))
    {
        Height = 7,
        Min = 0,
        Max = 1,
    };

    private static Panel JobsPerHour() => new(
        PanelType.Bars, "Jobs per hour", "Jobs that ended in the hour before each moment, by status.",
        "short", 12, new Query($"sum by (status) ({JobsIn("1h")})", "{{status}}"))
    {
        Links = Links.JobsOfStatus,
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel JobDurations() => new(
        PanelType.TimeSeries, "Job duration trends", "How long jobs took, from the runner's start of a job to its end: the median and the 95th percentile of the hour before each moment. A gap means that no job ended.",
        Minutes, 12,
        new Query(InMinutes(Quantile("0.50", DurationsInAnHour(), [])), "median"),
        new Query(InMinutes(Quantile("0.95", DurationsInAnHour(), [])), "95th percentile"))
    {
        Min = 0,
    };

    private static Panel DeploymentFrequency() => new(
        PanelType.Stat, "Deployment frequency", "Successful deployments a day. " + AllRepositories,
        "suffix: a day", 8, new Query("sum(dora:deployment_frequency:per_day28d)", "deployments a day"))
    {
        Height = 6,
        Decimals = 2,
    };

    private static Panel LeadTime() => new(
        PanelType.Gauge, "Lead time", "From a commit to the end of the deployment that first shipped it: the median of the repositories' medians. Its colours change at a day and at a week. " + AllRepositories,
        "m", 8, new Query("quantile(0.5, dora:change_lead_time_seconds:p50_28d) / 60", "lead time"))
    {
        Height = 6,
        Min = 0,
        Max = 20_160,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 1_440), new("red", 10_080)],
    };

    private static Panel ChangeFailureRate() => new(
        PanelType.Gauge, "Change failure rate",
        "Successful deployments that an incident or a rework was traced to, of all successful ones in repositories that report them. " + AllRepositories,
        "percentunit", 8, new Query(DeploymentRate("dora:change_fail:ratio28d", ""), "change failure rate"))
    {
        Height = 6,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = LessIsBetter,
    };

    private static Panel Timeline() => new(
        PanelType.StateTimeline, "Runner status", "When each runner was online. Of a large fleet, the twenty selected runners with the least online time in the selected range; a smaller fleet is shown completely.",
        "short", 24,
        new Query(
            $"{ByRunner} (github_runner_status{{{Chosen}}}) and on (runner_name, runner_type, runner_scope) "
            + $"bottomk(20, {ByRunner} (avg_over_time(github_runner_status{{{Chosen}}}[$__range] @ end())))",
            "{{runner_name}} {{runner_scope}}"))
    {
        Height = 12,
        Mappings = [new("1", "online", "green"), new("0", "offline", "red")],
        Thresholds = [new("red"), new("green", 1)],
        Links = Links.RunnerSeries,
    };

    private static Panel Uptime() => new(
        PanelType.Table, "Runner uptime", "For how many hours the listener of each online runner has been running. A short one means a restart.",
        "h", 9, new Query($"{ByRunner} (github_runner_uptime_seconds{{{Chosen}}}) / 3600", "Uptime") { Unit = "h", Decimals = 1, Width = 85 })
    {
        Height = 10,
        NoValue = "no runner is online",
        CellLinks = Links.RunnerCells,
        SortedBy = "Uptime",
    };

    private static Panel Table() => new(
        PanelType.Table, "Runners", "The selected runners. Columns can be sorted and filtered. Ephemeral runners have no row here: they are in the counts above.",
        "short", 15,
        new Query($"{ByRunner} (github_runner_status{{{Chosen}}})", "Status") { Width = 70, Mappings = [new("1", "online", "green"), new("0", "offline", "red")] },
        new Query($"{ByRunner} (github_runner_busy{{{Chosen}}}) and on (runner_name, runner_type, runner_scope) {ByRunner} (github_runner_status{{{Chosen}}}) == 1", "Work") { Width = 60, Mappings = [new("1", "busy", "blue"), new("0", "idle", "text")] },
        new Query($"time() - {ByRunner} (github_runner_last_heartbeat_timestamp_seconds{{{Chosen}}})", "Silent for")
        {
            Width = 85,
            Unit = "s",
            Decimals = 0,
            Thresholds = [new("text"), new("orange", 60), new("red", 300)],
        },
        new Query($"sum by (runner_name, runner_type, runner_scope) (increase(github_runner_jobs_total{{{Chosen}}}[$__range])) and on (runner_name, runner_type, runner_scope) github_runner_status", "Jobs") { Width = 65, Decimals = 0 },
        new Query($"max by (runner_name, runner_type, runner_scope, version) (github_runner_info{{{Chosen}}})", "Known") { Hidden = true })
    {
        Height = 10,
        SortedBy = "Silent for",
        CellLinks = Links.RunnerCells,
    };

    private static Panel Events() => new(
        PanelType.TimeSeries, "Events", "Events per second that reached the exporter, from agents (grpc) and GitHub (webhook), by outcome; only outcomes that occurred in the selected range.",
        "cps", 6,
        new Query(
            "sum by (source, outcome) (rate(runner_metrics_events_total{" + ChosenExporter + "}[$__rate_interval])) and on (source, outcome) (sum by (source, outcome) (increase(runner_metrics_events_total{" + ChosenExporter + "}[$__range] @ end())) > 0)",
            "{{source}} {{outcome}}"));

    private static Panel IngestLag() => new(
        PanelType.TimeSeries, "Delay of events", "How long after they happened events arrived: the 95th percentile of the ten minutes before each moment. It rises while agents deliver events from a network failure.",
        "s", 6, new Query(Quantile("0.95", "runner_metrics_ingest_lag_seconds", ChosenExporter, "10m"), "95th percentile"))
    {
    };

    private static Panel SeriesShown() => new(
        PanelType.TimeSeries, "Series", "Series in the last scrape, and sources that exceeded the limit in the hour before: their series are left out.",
        "short", 6, new Query($"sum(runner_metrics_series{{{ChosenExporter}}})", "series"), new Query($"sum(increase(runner_metrics_dropped_series_total{{{ChosenExporter}}}[1h]))", "left out"));

    private static Panel Journal() => new(
        PanelType.TimeSeries, "Journal", "How long it took to make a group of events durable (99th percentile of the ten minutes before each moment), and groups that failed: those were not acknowledged, and are sent again.",
        "s", 6,
        new Query(Quantile("0.99", "runner_metrics_journal_commit_duration_seconds", ChosenExporter, "10m"), "commit"),
        new Query($"sum(rate(runner_metrics_journal_failures_total{{{ChosenExporter}}}[$__rate_interval]))", "failed"))
    {
        Series = [new("failed", "red") { RightAxisUnit = "cps" }],
    };
}
