using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Tests.Instruments;

public class AutomationMetricCatalogTests
{
    /// <summary>The names that dashboards and alerts of others rely on; a change here breaks them.</summary>
    private const string Names = """
        test_watcher_files_processed_total counter
        test_watcher_tests_run_total counter status
        test_watcher_api_calls_total counter api status
        test_watcher_errors_total counter type
        test_watcher_changed_files_current gauge
        test_watcher_memory_usage_bytes gauge
        test_watcher_is_running gauge
        test_watcher_processing_duration_seconds histogram
        test_watcher_debounce_duration_seconds histogram
        test_watcher_test_execution_duration_seconds histogram
        audit_agent_runs_total counter trigger
        audit_agent_completion_markers_found_total counter
        audit_agent_git_commits_detected_total counter
        audit_agent_errors_total counter type
        audit_agent_coverage_percent gauge
        audit_agent_last_run_timestamp_seconds gauge
        audit_agent_active_tasks gauge
        audit_agent_run_duration_seconds histogram
        audit_agent_analysis_duration_seconds histogram
        safe_async_bridge_calls_total counter
        safe_async_bridge_errors_total counter
        safe_async_bridge_timeouts_total counter
        safe_async_bridge_pending_tasks gauge
        safe_async_bridge_active_loops gauge
        safe_async_bridge_execution_duration_seconds histogram
        system_cpu_percent gauge
        system_memory_percent gauge
        system_disk_percent gauge
        deepseek_api_calls_total counter status
        deepseek_api_errors_total counter type
        deepseek_api_rate_limits_total counter
        deepseek_api_tokens_used_total counter kind
        deepseek_api_response_time_seconds gauge
        deepseek_api_request_duration_seconds histogram
        """;

    private static readonly IReadOnlyList<AutomationMetric> All = [.. AutomationMetricCatalog.All, .. new ApiMetricCatalog("deepseek").All];

    [Fact]
    public void Catalog_Names_AreThoseThatOthersRelyOn() =>
        Assert.Equal(Names.Split('\n'), All.Select(family => string.Join(' ', [family.Name, family.Type.ToString().ToLowerInvariant(), .. family.Labels])));

    [Fact]
    public void Catalog_EveryFamily_HasAHelpAndTheFieldsForm() => Assert.All(All, family =>
    {
        Assert.Matches("^[a-z][a-z0-9_]*$", family.Name);
        Assert.Equal(family.Type == AutomationMetricType.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal));
        Assert.EndsWith(".", family.Help, StringComparison.Ordinal);
        Assert.Equal(family.Type == AutomationMetricType.Histogram, family.Buckets.Count > 0);
        Assert.Equal(family.Buckets.Order(), family.Buckets);
    });

    [Theory]
    [InlineData("")]
    [InlineData("Deepseek")]
    [InlineData("deep-seek")]
    [InlineData("3m")]
    [InlineData("a b")]
    public void ApiMetricCatalog_NameThatCannotBePartOfAName_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new ApiMetricCatalog(name));
}
