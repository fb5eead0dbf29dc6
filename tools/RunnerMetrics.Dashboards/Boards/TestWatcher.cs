using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.AutomationShared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What the test watcher does: changes, tests, and how long people wait for an outcome.</summary>
internal static class TestWatcher
{
    public static Dashboard Dashboard { get; } = new(
        "test-watcher",
        "Automation: test watcher",
        "Changes that the test watcher saw, the tests that it ran and how they ended, how long that took, and its own errors.",
        "now-6h",
        Processes("test_watcher_is_running"),
        [
            new Row("In the chosen time", Watching(), Tests(), PassRate(), Outcomes(), Files()),
            new Row("Tests", OutcomesOverTime(), Execution()),
            new Row("Changes", FilesOverTime(), Waiting(), Debounce(), Processing()),
            new Row("The watcher itself", Timeline(), Errors(), ApiCalls(), Memory()),
        ])
    {
        Family = DashboardFamily.Automation,
    };

    private static Panel Watching() => new(
        PanelType.Stat, "Watchers", "Processes whose test watcher is running, and those where it is stopped while the process is alive.",
        "short", 5, new Query($"sum(test_watcher_is_running{{{Chosen}}})", "running"), new Query($"sum(1 - test_watcher_is_running{{{Chosen}}})", "stopped"))
    {
        Height = 7,
        Series = [new("running", "green"), new("stopped") { Thresholds = [new("green"), new("red", 1)] }],
    };

    private static Panel Tests() => new(
        PanelType.Stat, "Tests", "Tests that ran in the selected range, with any outcome: a test counts each time it runs.",
        "locale", 4, new Query(Grown("test_watcher_tests_run_total"), "tests"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel PassRate() => new(
        PanelType.Gauge, "Pass rate", "Tests that passed, of all that ran in the selected range, including those without a verdict.",
        "percentunit", 5, new Query(Share($"test_watcher_tests_run_total{{{Chosen},status=\"pass\"}}", $"test_watcher_tests_run_total{{{Chosen}}}"), "pass rate"))
    {
        Height = 7,
        Min = 0,
        Max = 1,
        Decimals = 1,
        Thresholds = Shared.MoreIsBetter,
    };

    private static Panel Outcomes() => new(
        PanelType.PieChart, "Outcomes", "Outcomes of the tests in the selected range. Error: no verdict, because the test or the command that runs it failed or timed out.",
        "locale", 6, new Query(Grown("test_watcher_tests_run_total", "status"), "{{status}}"))
    {
        Height = 7,
        Decimals = 0,
        Series = OutcomeColors,
    };

    private static Panel Files() => new(
        PanelType.Stat, "Files processed", "Changed files that were processed in the selected range; a file that changed several times within a batch counts once.",
        "locale", 4, new Query(Grown("test_watcher_files_processed_total"), "files"))
    {
        Height = 7,
        Decimals = 0,
    };

    private static Panel OutcomesOverTime() => new(
        PanelType.Bars, "Tests by outcome", "Tests that ran in the five minutes before each moment, by outcome.",
        "short", 12, new Query(Growing("test_watcher_tests_run_total", "5m", "status"), "{{status}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = OutcomeColors,
    };

    private static Panel Execution() => new(
        PanelType.TimeSeries, "Test runs take", "From the start of the test command to its end: the median and the 95th percentile of the quarter of an hour before each moment, estimated within a bucket. The line is the alert's threshold.",
        "s", 12, Percentiles("test_watcher_test_execution_duration_seconds", "15m"))
    {
        Min = 0,
        Thresholds = [new("transparent"), new("red", 300)],
    };

    private static Panel FilesOverTime() => new(
        PanelType.Bars, "Files by time", "Changed files that were processed in the five minutes before each moment.",
        "short", 6, new Query(Growing("test_watcher_files_processed_total", "5m"), "files"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Waiting() => new(
        PanelType.TimeSeries, "Files that wait", "Changed files that wait to be processed or are being processed. If it never returns to 0, tests are slower than changes.",
        "short", 6, new Query($"sum(test_watcher_changed_files_current{{{Chosen}}})", "files"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel Debounce() => new(
        PanelType.TimeSeries, "Changes are waited out", "From the first change of a batch until no more files changed: the median and the 95th percentile of the quarter of an hour before each moment.",
        "s", 6, Percentiles("test_watcher_debounce_duration_seconds", "15m"))
    {
        Min = 0,
    };

    private static Panel Processing() => new(
        PanelType.TimeSeries, "Batches take", "From the end of the debounce to the last outcome: the median and the 95th percentile of the quarter of an hour before each moment.",
        "s", 6, Percentiles("test_watcher_processing_duration_seconds", "15m"))
    {
        Min = 0,
    };

    private static Panel Timeline() => new(
        PanelType.StateTimeline, "Watching", "When the watcher of each process was running; the ten that ran least at the end. A gap: the process did not run, or was not scraped.",
        "short", 12,
        new Query($"max by (instance) (test_watcher_is_running{{{Chosen}}}) and on (instance) bottomk(10, max by (instance) (test_watcher_is_running{{{Chosen}}} @ end()))", "{{instance}}"))
    {
        Thresholds = [new("red"), new("green", 1)],
        Mappings = [new("1", "running", "green"), new("0", "stopped", "red")],
    };

    private static Panel Errors() => new(
        PanelType.Bars, "Errors of the watcher", "Errors of the watcher itself, not of tests, in the five minutes before each moment, by type: watching, the command, reading its report, calling an API.",
        "short", 12, new Query(Growing("test_watcher_errors_total", "5m", "type"), "{{type}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel ApiCalls() => new(
        PanelType.Bars, "Calls to APIs", "Calls that the watcher made in the five minutes before each moment, for example to explain a failure, by API and status.",
        "short", 12, new Query(Growing("test_watcher_api_calls_total", "5m", "api, status"), "{{api}} {{status}}"))
    {
        NoValue = "no API is called",
        Stacked = true,
        Min = 0,
        Decimals = 0,
    };

    private static Panel Memory() => new(
        PanelType.TimeSeries, "Memory of the watcher's process", "Resident memory; the ten processes with the most at the end.",
        "bytes", 12, Shared.Top("instance", $"max by (instance) (test_watcher_memory_usage_bytes{{{Chosen}}}AT)"))
    {
        Min = 0,
    };
}
