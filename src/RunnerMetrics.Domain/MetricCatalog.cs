using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain;

/// <summary>
/// Every metric that the exporter serves: the only place where names, labels, buckets and meanings stand. docs/metrics.md is tested against it.
/// </summary>
public static class MetricCatalog
{
    private static readonly string[] None = [];
    private static readonly string[] Runner = ["runner_name", "runner_type", "runner_scope"];
    private static readonly string[] Workflow = ["repository", "workflow"];
    private static readonly string[] Environment = ["repository", "environment"];
    private static readonly double[] JobDurationBuckets = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480, 21660, 86400];
    private static readonly double[] QueueBuckets = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    /// <summary>1 while a runner is online.</summary>
    public static MetricDescriptor RunnerStatus { get; } = Gauge("github_runner_status", Runner,
        "1 while the runner is online; 0 while it is offline (no heartbeat for longer than the time-out, or stopped) or disconnected from GitHub.");

    /// <summary>1 while a job runs.</summary>
    public static MetricDescriptor RunnerBusy { get; } = Gauge("github_runner_busy", Runner, "1 while a job runs on the runner.");

    /// <summary>How many runners there are in each state.</summary>
    public static MetricDescriptor Runners { get; } = Gauge("github_runners", ["runner_type", "state"],
        "Runners by state: idle, busy, disconnected, offline, or refused (gone because GitHub refuses their version; absent until one is); includes ephemeral runners.");

    /// <summary>The runner's version.</summary>
    public static MetricDescriptor RunnerInfo { get; } = Gauge("github_runner_info", [.. Runner, "version"], "1, with the version of the Actions runner.");

    /// <summary>When the runner's listener started.</summary>
    public static MetricDescriptor RunnerStartTime { get; } = Gauge("github_runner_start_time_seconds", Runner,
        "When the runner's listener started, in seconds since 1970.");

    /// <summary>How long the listener has been running.</summary>
    public static MetricDescriptor RunnerUptime { get; } = Gauge("github_runner_uptime_seconds", Runner,
        "How long the runner's listener has been running; absent while it is offline.");

    /// <summary>When the last heartbeat came.</summary>
    public static MetricDescriptor LastHeartbeat { get; } = Gauge("github_runner_last_heartbeat_timestamp_seconds", Runner,
        "When the exporter last heard from the runner, in seconds since 1970.");

    /// <summary>Jobs by conclusion.</summary>
    public static MetricDescriptor Jobs { get; } = Counter("github_runner_jobs_total", [.. Runner, "status"],
        "Jobs that ended, by conclusion: success, failed, cancelled, or lost (the runner was gone before a result was reported).");

    /// <summary>Failed jobs by reason.</summary>
    public static MetricDescriptor JobFailures { get; } = Counter("github_runner_job_failures_total", [.. Runner, "reason"],
        "Failed jobs by reason: job (one of its own steps), setup (the job never reached its first own step), runner, or unknown.");

    /// <summary>Conclusions that changed after they were counted.</summary>
    public static MetricDescriptor JobCorrections { get; } = Counter("github_runner_job_corrections_total", [.. Runner, "from", "to"],
        "Jobs whose conclusion changed after it was counted; the count itself does not change.");

    /// <summary>Jobs without news.</summary>
    public static MetricDescriptor JobsUnresolved { get; } = Gauge("github_runner_jobs_unresolved", Runner,
        "Jobs that started and then went silent; they do not count as lost yet.");

    /// <summary>How long jobs took.</summary>
    public static MetricDescriptor JobDuration { get; } = new("github_runner_job_duration_seconds", MetricType.Histogram, [.. Runner, "status"],
        "How long jobs took from the runner's start of the job to its end, by conclusion: success, failed or cancelled.")
    {
        Buckets = JobDurationBuckets,
        HasExemplars = true,
    };

    /// <summary>The last job's wait.</summary>
    public static MetricDescriptor QueueTime { get; } = Gauge("github_runner_queue_time_seconds", Runner,
        "How long the runner's last job waited for it; absent if it is not reported.");

    /// <summary>How long jobs waited.</summary>
    public static MetricDescriptor QueueDuration { get; } = new("github_runner_job_queue_duration_seconds", MetricType.Histogram, Runner,
        "How long jobs waited for a runner; absent if it is not reported.")
    {
        Buckets = QueueBuckets,
        HasExemplars = true,
    };

    /// <summary>When the running job started.</summary>
    public static MetricDescriptor JobStartTime { get; } = Gauge("github_runner_job_start_time_seconds", Runner,
        "When the running job started, in seconds since 1970; absent if none runs.");

    /// <summary>Cache requests by result.</summary>
    public static MetricDescriptor CacheRequests { get; } = Counter("github_runner_cache_requests_total", [.. Runner, "cache_type", "result"],
        "Requests to a build cache that jobs reported, by result: hit or miss.");

    /// <summary>Hits over requests.</summary>
    public static MetricDescriptor CacheHitRate { get; } = Gauge("github_runner_cache_hit_rate", [.. Runner, "cache_type"],
        "Hits over requests since the runner was first seen, from 0 to 1; absent without requests.");

    /// <summary>Lines of tools that could not be read.</summary>
    public static MetricDescriptor CacheLinesUnknown { get; } = Counter("runner_metrics_cache_lines_unknown_total", ["cache_type"],
        "Lines of a tool's output that `cache parse` could not read: if it grows, requests to that cache may be missing.");

    /// <summary>Jobs by repository and workflow.</summary>
    public static MetricDescriptor WorkflowJobs { get; } = Counter("github_workflow_jobs_total", [.. Workflow, "status"],
        "Jobs that ended, by repository, workflow and conclusion: success, failed, cancelled or lost.");

    /// <summary>How long jobs took, by repository and workflow.</summary>
    public static MetricDescriptor WorkflowJobDuration { get; } = new("github_workflow_job_duration_seconds", MetricType.Histogram, [.. Workflow, "status"],
        "How long jobs took from the runner's start of the job to its end, by repository, workflow and conclusion: success, failed or cancelled.")
    {
        Buckets = JobDurationBuckets,
        HasExemplars = true,
    };

    /// <summary>How long runs took.</summary>
    public static MetricDescriptor WorkflowRunDuration { get; } = new("github_workflow_run_duration_seconds", MetricType.Histogram, [.. Workflow, "conclusion"],
        "How long attempts of workflow runs took from their start to their end, waits included, by repository, workflow and GitHub's conclusion, whichever runners they ran on; absent until a workflow_run webhook reports an end.")
    {
        Buckets = JobDurationBuckets,
    };

    /// <summary>Jobs that wait for a runner.</summary>
    public static MetricDescriptor WorkflowJobsQueued { get; } = Gauge("github_workflow_jobs_queued", ["runner_type"],
        "Jobs that wait for a runner now, by the runner type of their labels; absent until GitHub reports one.");

    /// <summary>Why jobs wait.</summary>
    public static MetricDescriptor OldestWait { get; } = Gauge("github_workflow_jobs_oldest_wait_seconds", ["runner_type", "reason"],
        "How long the job has waited that waits longest, by the type of runner that its labels ask for and by reason: no_matching_runner (no registered runner has its labels; without a type), all_busy, offline, or unknown. Absent where none waits.");

    /// <summary>Runners that GitHub lists.</summary>
    public static MetricDescriptor RunnersRegistered { get; } = Gauge("github_runners_registered", ["runner_scope", "state"],
        "Runners that GitHub's API lists, by scope and state: idle, busy or offline. Absent where it is not asked, or does not answer.");

    /// <summary>Runners that GitHub and agents see differently.</summary>
    public static MetricDescriptor RunnersUnmatched { get; } = Gauge("github_runner_unmatched", ["side"],
        "Runners that for 5 minutes or longer are registered at GitHub without an agent (github), have an agent and are not registered (agent), or have another state at GitHub than their agent says (disagreement).");

    /// <summary>When GitHub stops to serve a version.</summary>
    public static MetricDescriptor RunnerVersionDeprecation { get; } = Gauge("github_runner_version_deprecation_timestamp_seconds", ["version"],
        "When GitHub stops giving jobs to runners of a version that is in use, in seconds since 1970.");

    /// <summary>Deployments by conclusion.</summary>
    public static MetricDescriptor Deployments { get; } = Counter("github_deployments_total", [.. Environment, "status"],
        "Deployments that ended, by the result of their own run: success or failure.");

    /// <summary>Deployments that caused an incident or a rework.</summary>
    public static MetricDescriptor DeploymentChangeFailures { get; } = Counter("github_deployment_change_failures_total", Environment,
        "Successful deployments that an incident or a rework was traced to, once each; absent if neither is reported.");

    /// <summary>How long changes take to be deployed.</summary>
    public static MetricDescriptor DeploymentLeadTime { get; } = new("github_deployment_lead_time_seconds", MetricType.Histogram, Environment,
        "How long it took from a commit to the end of the deployment that first shipped it; absent if commits are not reported.")
    {
        Buckets = [900, 3600, 14400, 43200, 86400, 172800, 345600, 604800, 1209600, 2592000, 7776000, 15552000],
    };

    /// <summary>How long it takes to recover.</summary>
    public static MetricDescriptor DeploymentRecovery { get; } = new("github_deployment_recovery_time_seconds", MetricType.Histogram, Environment,
        "How long it took from the opening of an incident to its resolution, or from a failed deployment to the next successful one.")
    {
        Buckets = [300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800, 2592000],
    };

    /// <summary>Unplanned deployments.</summary>
    public static MetricDescriptor DeploymentRework { get; } = Counter("github_deployment_rework_total", Environment,
        "Successful deployments that were unplanned, made to fix an earlier one; absent if none is reported.");

    /// <summary>Incidents.</summary>
    public static MetricDescriptor Incidents { get; } = Counter("github_incidents_total", Environment,
        "Incidents that were reported; absent if none is reported.");

    /// <summary>Events by source and outcome.</summary>
    public static MetricDescriptor Events { get; } = Counter("runner_metrics_events_total", ["source", "outcome"],
        "Events that reached the exporter, from agents (grpc) and from GitHub (webhook, api), by outcome: accepted, duplicate, rejected, deferred (a limit is reached, or their token does not allow them), unsupported, or (webhook) ignored.");

    /// <summary>Rejected events by reason.</summary>
    public static MetricDescriptor EventsRejected { get; } = Counter("runner_metrics_events_rejected_total", ["source", "reason"],
        "Rejected events by reason: malformed, too_old (beyond the horizon), in_future (later than their own batch), excluded_repository (--repositories), or (webhook) unauthenticated, too_large, media_type, overloaded (no memory left for unverified bodies).");

    /// <summary>Batches that were refused.</summary>
    public static MetricDescriptor BatchesRefused { get; } = Counter("runner_metrics_batches_refused_total", ["reason"],
        "Batches that were refused as a whole: unauthenticated or malformed.");

    /// <summary>Events that tokens did not allow.</summary>
    public static MetricDescriptor TokenRefusals { get; } = Counter("runner_metrics_token_refusals_total", ["reason"],
        "Deferred events that their token did not allow: pattern (its line in the token file is of other runners, scopes or kinds of events) or budget (more events a minute than one token may send). Each try counts.");

    /// <summary>Batches from clocks that are off.</summary>
    public static MetricDescriptor SkewedBatches { get; } = Counter("runner_metrics_skewed_batches_total", None,
        "Batches whose sender's clock was off by more than 5 minutes; their times were shifted.");

    /// <summary>How far the last skewed clock was off.</summary>
    public static MetricDescriptor ClockSkew { get; } = Gauge("runner_metrics_last_clock_skew_seconds", None,
        "How far the last such sender's clock was behind (negative: ahead); absent until there is one.");

    /// <summary>How long events take to arrive.</summary>
    public static MetricDescriptor IngestLag { get; } = new("runner_metrics_ingest_lag_seconds", MetricType.Histogram, None,
        "Time from an event to its arrival at the exporter, for accepted events.")
    {
        Buckets = [0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86400],
    };

    /// <summary>Events that agents had to drop.</summary>
    public static MetricDescriptor SenderEventsLost { get; } = Counter("runner_metrics_sender_events_lost_total", None,
        "Events that agents dropped before they could send them.");

    /// <summary>Requests of GitHub's API.</summary>
    public static MetricDescriptor GitHubRequests { get; } = Counter("runner_metrics_github_requests_total", ["outcome"],
        "Requests of GitHub's API by outcome: ok, unchanged (304, which costs nothing of the rate limit), refused (the credential, a permission, or there is no such thing), limited (a rate limit; most are not sent at all then), or failed (no answer, or none of the API's).");

    /// <summary>How many requests GitHub allows.</summary>
    public static MetricDescriptor GitHubRateLimit { get; } = Gauge("runner_metrics_github_rate_limit", ["credential"],
        "Requests an hour that GitHub's API allows, by credential: app (the App itself), installation, or token.");

    /// <summary>How many of them are left.</summary>
    public static MetricDescriptor GitHubRateRemaining { get; } = Gauge("runner_metrics_github_rate_limit_remaining", ["credential"],
        "Requests that are left of the hour, whoever used the others.");

    /// <summary>How many of them the exporter used.</summary>
    public static MetricDescriptor GitHubRateUsed { get; } = Gauge("runner_metrics_github_rate_limit_used", ["credential"],
        "Requests that this exporter used of the hour; it stops at its share (--github-rate-share).");

    /// <summary>Whether what is asked of GitHub's API works.</summary>
    public static MetricDescriptor GitHubWorking { get; } = Gauge("runner_metrics_github_working", ["feature"],
        "1 while the last round of what is asked of GitHub's API came to its end: deliveries, runners, versions or jobs; 0 while it does not.");

    /// <summary>When it last worked.</summary>
    public static MetricDescriptor GitHubLastSuccess { get; } = Gauge("runner_metrics_github_last_success_timestamp_seconds", ["feature"],
        "When the last round came to its end, in seconds since 1970; absent until one did.");

    /// <summary>Webhooks that were missed.</summary>
    public static MetricDescriptor GitHubDeliveries { get; } = Counter("runner_metrics_github_deliveries_total", ["outcome"],
        "Webhooks that GitHub could not deliver: found, recovered (a later try was taken), or given_up (GitHub keeps them no longer, or every try failed).");

    /// <summary>Webhooks that are still missing.</summary>
    public static MetricDescriptor GitHubDeliveriesMissing { get; } = Gauge("runner_metrics_github_deliveries_missing", None,
        "Webhooks that GitHub could not deliver and that are asked for again, now.");

    /// <summary>How long a look at all jobs takes.</summary>
    public static MetricDescriptor GitHubPollCycle { get; } = Gauge("runner_metrics_github_poll_cycle_seconds", None,
        "How long the last look at the jobs of all repositories took; absent where jobs are not asked for.");

    /// <summary>How old the last such look is.</summary>
    public static MetricDescriptor GitHubPollLag { get; } = Gauge("runner_metrics_github_poll_lag_seconds", None,
        "How long ago the last complete look at the jobs of all repositories began: what is told of jobs is as late at the most.");

    /// <summary>How long a commit takes.</summary>
    public static MetricDescriptor JournalCommit { get; } = new("runner_metrics_journal_commit_duration_seconds", MetricType.Histogram, None,
        "How long it took to write a group of events and make it durable (one fsync each).")
    {
        Buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    };

    /// <summary>The journal's size behind its last snapshot.</summary>
    public static MetricDescriptor JournalBytes { get; } = Gauge("runner_metrics_journal_bytes", None,
        "Bytes of the journal after its last snapshot, which a restart reads again.");

    /// <summary>Whether the journal can be written.</summary>
    public static MetricDescriptor JournalWritable { get; } = Gauge("runner_metrics_journal_writable", None,
        "1 while events can be made durable; 0 while they cannot and are not acknowledged.");

    /// <summary>Failed commits.</summary>
    public static MetricDescriptor JournalFailures { get; } = Counter("runner_metrics_journal_failures_total", None,
        "Groups of events that could not be made durable and were not acknowledged.");

    /// <summary>When a start found an earlier copy of the store.</summary>
    public static MetricDescriptor StoreRestored { get; } = Gauge("runner_metrics_store_restored_timestamp_seconds", None,
        "When the exporter last found at its start that the store was an earlier copy or had lost commits; counters went back then. Absent if this never happened.");

    /// <summary>Snapshots taken.</summary>
    public static MetricDescriptor JournalSnapshots { get; } = Counter("runner_metrics_journal_snapshots_total", None, "Snapshots taken.");

    /// <summary>How many series the last scrape showed.</summary>
    public static MetricDescriptor SeriesShown { get; } = Gauge("runner_metrics_series", None, "Samples in the last scrape.");

    /// <summary>Spans that no collector has.</summary>
    public static MetricDescriptor SpansDropped { get; } = Counter("runner_metrics_dropped_spans_total", None,
        "Spans of runs' traces that the OTLP collector refused or rejected, or that waited for it in vain. Absent without an OTLP endpoint.");

    /// <summary>Exports of the fleet's metrics by OTLP.</summary>
    public static MetricDescriptor FleetExports { get; } = Counter("runner_metrics_fleet_exports_total", ["outcome"],
        "Exports of the fleet's metrics by OTLP, by outcome: ok, rejected (the collector rejected some of the data points), or failed (it did not take them; the next export has all). Absent without --otlp-fleet-metrics.");

    /// <summary>Heartbeats of a runner's earlier life while the later one reports too.</summary>
    public static MetricDescriptor RunnerConflicts { get; } = Counter("runner_metrics_runner_conflicts_total", None,
        "Heartbeats of a runner for which another sender reports at the same time: two agents beside one runner, two runners with one name and scope, or an unauthorised sender.");

    /// <summary>Implausible cache reports.</summary>
    public static MetricDescriptor CacheReportsImplausible { get; } = Counter("runner_metrics_cache_reports_implausible_total", None,
        "Cache reports that were not counted: a runner reported more than 10 million requests since its last job began.");

    /// <summary>How long scrapes take.</summary>
    public static MetricDescriptor ScrapeDuration { get; } = new("runner_metrics_scrape_duration_seconds", MetricType.Histogram, None,
        "How long scrapes took, from the request to the last byte handed to the network.")
    {
        Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    /// <summary>The size of the last scrape.</summary>
    public static MetricDescriptor ScrapeSize { get; } = Gauge("runner_metrics_last_scrape_size_bytes", None, "The size of the last scrape, uncompressed.");

    /// <summary>The exporter's version.</summary>
    public static MetricDescriptor BuildInfo { get; } = Gauge("runner_metrics_build_info", ["version", "runtime"], "1, with the exporter's version.");

    /// <summary>Everything that <c>/metrics</c> can show about runners and the exporter, in the order in which it is shown.</summary>
    public static IReadOnlyList<MetricDescriptor> All { get; } =
    [
        RunnerStatus, RunnerBusy, Runners, RunnerInfo, RunnerStartTime, RunnerUptime, LastHeartbeat,
        Jobs, JobFailures, JobCorrections, JobsUnresolved, JobDuration, QueueTime, QueueDuration, JobStartTime,
        CacheRequests, CacheHitRate, CacheLinesUnknown, WorkflowJobs, WorkflowJobDuration, WorkflowRunDuration, WorkflowJobsQueued,
        OldestWait, RunnersRegistered, RunnersUnmatched, RunnerVersionDeprecation,
        Deployments, DeploymentChangeFailures, DeploymentLeadTime, DeploymentRecovery, DeploymentRework, Incidents,
        CacheReportsImplausible,
        Events, EventsRejected, BatchesRefused, TokenRefusals, SkewedBatches, ClockSkew, IngestLag, RunnerConflicts, SenderEventsLost,
        GitHubRequests, GitHubRateLimit, GitHubRateRemaining, GitHubRateUsed, GitHubWorking, GitHubLastSuccess, GitHubDeliveries, GitHubDeliveriesMissing, GitHubPollCycle, GitHubPollLag,
        JournalCommit, JournalBytes, JournalWritable, JournalFailures, StoreRestored, JournalSnapshots,
        SeriesShown, RegistryMetricCatalog.DroppedSeries, SpansDropped, FleetExports, ScrapeDuration, ScrapeSize, BuildInfo,
        .. ProcessMetricCatalog.All,
    ];

    private static MetricDescriptor Gauge(string name, string[] labels, string help) => new(name, MetricType.Gauge, labels, help);

    private static MetricDescriptor Counter(string name, string[] labels, string help) => new(name, MetricType.Counter, labels, help);
}
