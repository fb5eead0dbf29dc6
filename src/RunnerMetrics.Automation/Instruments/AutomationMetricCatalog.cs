namespace RunnerMetrics.Automation.Instruments;

/// <summary>
/// Every metric of an automation platform: the only place where names, labels, buckets and meanings stand. docs/automation.md is tested against it.
/// Those of an API are in <see cref="ApiMetricCatalog"/>, once for each API.
/// </summary>
public static class AutomationMetricCatalog
{
    private static readonly string[] None = [];

    /// <summary>Files whose changes were processed.</summary>
    public static AutomationMetric FilesProcessed { get; } = Counter("test_watcher_files_processed_total", None,
        "Changed files that the test watcher processed; a file that changed several times within one batch counts once.");

    /// <summary>Tests by outcome.</summary>
    public static AutomationMetric TestsRun { get; } = Counter("test_watcher_tests_run_total", ["status"],
        "Tests that ran, by outcome: pass, fail, or error (no verdict: the test, or the command that runs it, failed or timed out).");

    /// <summary>Calls to APIs.</summary>
    public static AutomationMetric WatcherApiCalls { get; } = Counter("test_watcher_api_calls_total", ["api", "status"],
        "Calls that the test watcher made to APIs, by status: success, rate_limited, error, timeout or cancelled.");

    /// <summary>Errors of the watcher.</summary>
    public static AutomationMetric WatcherErrors { get; } = Counter("test_watcher_errors_total", ["type"],
        "Errors of the test watcher itself, not of the tests, by type: watch, command, report, api, or the watcher's own type.");

    /// <summary>Files that wait.</summary>
    public static AutomationMetric ChangedFiles { get; } = Gauge("test_watcher_changed_files_current", None,
        "Changed files that wait to be processed, or are being processed now.");

    /// <summary>Memory.</summary>
    public static AutomationMetric WatcherMemory { get; } = Gauge("test_watcher_memory_usage_bytes", None,
        "Resident memory of the process that the test watcher runs in, in bytes.");

    /// <summary>Whether it runs.</summary>
    public static AutomationMetric WatcherRunning { get; } = Gauge("test_watcher_is_running", None,
        "1 while the test watcher watches; 0 while it is stopped.");

    /// <summary>How long a batch takes.</summary>
    public static AutomationMetric ProcessingDuration { get; } = Histogram("test_watcher_processing_duration_seconds", None,
        "How long it took to process a batch of changes, from the end of the debounce to the last outcome.",
        [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]);

    /// <summary>How long the debounce takes.</summary>
    public static AutomationMetric DebounceDuration { get; } = Histogram("test_watcher_debounce_duration_seconds", None,
        "How long the debounce took, from the first change of a batch until no more files changed.",
        [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);

    /// <summary>How long a test run takes.</summary>
    public static AutomationMetric TestExecutionDuration { get; } = Histogram("test_watcher_test_execution_duration_seconds", None,
        "How long runs of the test command took, from its start to its end.",
        [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]);

    /// <summary>Audits.</summary>
    public static AutomationMetric AuditRuns { get; } = Counter("audit_agent_runs_total", ["trigger"],
        "Audits that ended, by trigger: schedule or demand.");

    /// <summary>Completion markers.</summary>
    public static AutomationMetric CompletionMarkers { get; } = Counter("audit_agent_completion_markers_found_total", None,
        "Completion markers that audits found in documents for the first time.");

    /// <summary>Commits.</summary>
    public static AutomationMetric CommitsDetected { get; } = Counter("audit_agent_git_commits_detected_total", None,
        "Git commits that audits saw for the first time; those from before the first audit do not count.");

    /// <summary>Errors of the agent.</summary>
    public static AutomationMetric AuditErrors { get; } = Counter("audit_agent_errors_total", ["type"],
        "Errors of the audit agent, by type: git, documents, coverage, or the agent's own type.");

    /// <summary>Coverage.</summary>
    public static AutomationMetric Coverage { get; } = Gauge("audit_agent_coverage_percent", None,
        "Lines covered by tests, from 0 to 100, as last measured; absent while no coverage was measured.");

    /// <summary>The last audit.</summary>
    public static AutomationMetric LastAudit { get; } = Gauge("audit_agent_last_run_timestamp_seconds", None,
        "When the last audit ended, in seconds since 1970; absent until one did.");

    /// <summary>Work in progress.</summary>
    public static AutomationMetric ActiveAudits { get; } = Gauge("audit_agent_active_tasks", None,
        "Audit tasks in progress.");

    /// <summary>How long an audit takes.</summary>
    public static AutomationMetric AuditDuration { get; } = Histogram("audit_agent_run_duration_seconds", None,
        "How long audits took.",
        [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600]);

    /// <summary>How long an analysis takes.</summary>
    public static AutomationMetric AnalysisDuration { get; } = Histogram("audit_agent_analysis_duration_seconds", None,
        "How long single analyses of an audit took: commits, documents, coverage.",
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]);

    /// <summary>Calls over the bridge.</summary>
    public static AutomationMetric BridgeCalls { get; } = Counter("safe_async_bridge_calls_total", None,
        "Calls from synchronous code into asynchronous code, with any result.");

    /// <summary>Calls that failed.</summary>
    public static AutomationMetric BridgeErrors { get; } = Counter("safe_async_bridge_errors_total", None,
        "Calls over the bridge that ended in an exception; neither time-outs nor cancellations.");

    /// <summary>Calls that took too long.</summary>
    public static AutomationMetric BridgeTimeouts { get; } = Counter("safe_async_bridge_timeouts_total", None,
        "Calls over the bridge that timed out.");

    /// <summary>Work on the bridge.</summary>
    public static AutomationMetric BridgePending { get; } = Gauge("safe_async_bridge_pending_tasks", None,
        "Calls over the bridge that wait for a slot or run; a call whose caller gave up counts until it has ended.");

    /// <summary>Loops.</summary>
    public static AutomationMetric BridgeLoops { get; } = Gauge("safe_async_bridge_active_loops", None,
        "Threads of the bridge that run asynchronous code.");

    /// <summary>How long a call takes.</summary>
    public static AutomationMetric BridgeDuration { get; } = Histogram("safe_async_bridge_execution_duration_seconds", None,
        "How long calls over the bridge took from start to end, without the wait for a slot.",
        [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]);

    /// <summary>The machine's processors.</summary>
    public static AutomationMetric SystemCpu { get; } = Gauge("system_cpu_percent", None,
        "Use of the machine's processors since the previous scrape, from 0 to 100; absent on the first scrape.");

    /// <summary>The machine's memory.</summary>
    public static AutomationMetric SystemMemory { get; } = Gauge("system_memory_percent", None,
        "Share of the machine's memory that is not available, from 0 to 100.");

    /// <summary>The disk.</summary>
    public static AutomationMetric SystemDisk { get; } = Gauge("system_disk_percent", None,
        "Use of the working folder's disk, from 0 to 100, of the space that its user may write.");

    /// <summary>Everything but the APIs' and the process family, in the order in which it is shown.</summary>
    public static IReadOnlyList<AutomationMetric> All { get; } =
    [
        FilesProcessed, TestsRun, WatcherApiCalls, WatcherErrors, ChangedFiles, WatcherMemory, WatcherRunning,
        ProcessingDuration, DebounceDuration, TestExecutionDuration,
        AuditRuns, CompletionMarkers, CommitsDetected, AuditErrors, Coverage, LastAudit, ActiveAudits, AuditDuration, AnalysisDuration,
        BridgeCalls, BridgeErrors, BridgeTimeouts, BridgePending, BridgeLoops, BridgeDuration,
        SystemCpu, SystemMemory, SystemDisk,
    ];

    /// <summary>What a limit of label values leaves out; the exporter's metric of this name means the same.</summary>
    internal static AutomationMetric DroppedSeries { get; } = Counter("runner_metrics_dropped_series_total", None,
        "Sources beyond the limit of series: their counts go to 'other', their gauges are left out.");

    private static AutomationMetric Gauge(string name, string[] labels, string help) => new(name, AutomationMetricType.Gauge, labels, help);

    private static AutomationMetric Counter(string name, string[] labels, string help) => new(name, AutomationMetricType.Counter, labels, help);

    private static AutomationMetric Histogram(string name, string[] labels, string help, double[] buckets) =>
        new(name, AutomationMetricType.Histogram, labels, help, buckets);
}
