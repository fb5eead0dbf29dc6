using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>Which jobs ran, why they failed, and which workflows they belong to.</summary>
internal static class JobAnalysis
{
    private const string Repositories = ChosenExporter + ",repository=~\"$repository\"";
    private const string ByWorkflow = "repository, workflow";
    private const string WorkflowJobs = "increase(github_workflow_jobs_total{" + Repositories + "}[$__range])";
    private const string NotByRunner = "The runner filter does not apply here.";

    public static Dashboard Dashboard { get; } = new(
        "job-analysis",
        "GitHub runners: jobs",
        "How jobs ended and why, on which runners and in which workflows.",
        "now-24h",
        [.. RunnerVariables, new Variable("repository", "Repository", $"github_workflow_jobs_total{{{ChosenExporter}}}"), Links.LivePage, Links.GitHub],
        [
            new Row("How jobs ended", Ended(), Success(), Failures(), FailuresShare()),
            new Row("Now", Running(), Unresolved(), Corrected(), Lost()),
            new Row("By runner", FailingRunners(), BusyRunners(), Durations()),
            new Row("By workflow", Workflows()),
        ]);

    private static Panel Ended() => new(
        PanelType.Bars, "Jobs by status", "Jobs that ended in the hour before each moment, by status.",
        "short", 12, new Query($"sum by (status) ({JobsIn("1h")})", "{{status}}"))
    {
        Links = Links.JobsOfStatus,
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StatusColors,
    };

    private static Panel Success() => new(
        PanelType.TimeSeries, "Success rate by type", "Successful jobs, of all that ended in the hour before each moment, by runner type.",
        "percentunit", 12,
        new Query(
            Ratio(JobsIn("1h", ",status=\"success\""), JobsIn("1h"), "runner_type"), "{{runner_type}}"))
    {
        Min = 0,
        Max = 1,
        Thresholds = [new("transparent"), new("red", 0.8)],
    };

    private static Panel Failures() => new(
        PanelType.Bars, "Failures by reason",
        "Failed jobs in the hour before each moment, by reason: a step of the job, its setup (it never reached its first own step), the runner, or unknown.",
        "short", 16, new Query($"sum by (reason) ({FailuresIn("1h")})", "{{reason}}"))
    {
        Links = Links.FailedForReason,
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = [new("job", "yellow"), new("setup", "orange"), new("runner", "red"), new("unknown", "#8e8e8e")],
    };

    private static Panel FailuresShare() => new(
        PanelType.Stat, "Failures not of the job itself", "Failures of setup, of the runner or of unknown reason, of all jobs that ended in the selected range: those that the fleet's operators can fix.",
        "percentunit", 8,
        new Query(
            Ratio(FailuresIn("$__range", ",reason!=\"job\""), JobsIn("$__range")), "of all jobs"))
    {
        Decimals = 2,
        Thresholds = [new("green"), new("orange", 0.01), new("red", 0.05)],
    };

    private static Panel Running() => new(
        PanelType.Table, "Running longest", "The twenty jobs that have been running longest, by runner. GitHub cancels a job after six hours by default.",
        "s", 12, new Query($"topk(20, time() - max by (runner_name, runner_type, runner_scope) (github_runner_job_start_time_seconds{{{Chosen}}}))", "Running for")
        {
            Unit = "s",
            Decimals = 0,
            Thresholds = [new("text"), new("orange", 10_800), new("red", 21_600)],
        })
    {
        NoValue = "no job runs",
        CellLinks = Links.RunnerCells,
        SortedBy = "Running for",
    };

    private static Panel Unresolved() => new(
        PanelType.Stat, "Unresolved", "Jobs that started and then went silent. They are not lost yet: a runner that comes back reports how they ended.",
        "short", 4, new Query($"sum(github_runner_jobs_unresolved{{{Chosen}}})", "unresolved"))
    {
        Thresholds = [new("green"), new("orange", 1)],
    };

    private static Panel Corrected() => new(
        PanelType.Stat, "Corrected", "Jobs in the selected range whose conclusion changed after it was counted. The count does not change.",
        "short", 4, new Query($"sum({CorrectionsIn("$__range")})", "corrected"))
    {
        NoValue = "none reported",
        Decimals = 0,
        Thresholds = [new("text"), new("orange", 1)],
    };

    private static Panel Lost() => new(
        PanelType.Stat, "Lost", "Jobs in the selected range whose runner was gone before a result was reported.",
        "short", 4, new Query($"sum({JobsIn("$__range", ",status=\"lost\"")})", "lost"))
    {
        Links = Links.Lost,
        Decimals = 0,
        Thresholds = [new("green"), new("red", 1)],
    };

    private static Panel FailingRunners() => new(
        PanelType.BarGauge, "Runners with most failures", "The ten runners with the most failed jobs in the selected range. If one stands out, the runner is broken; if all are similar, the jobs are.",
        "short", 8, new Query($"topk(10, sum by (runner_name, runner_type, runner_scope) (increase(github_runner_jobs_total{{{Chosen},status=\"failed\"}}[$__range])) > 0)", "{{runner_name}} {{runner_scope}}"))
    {
        NoValue = "no failed job is known",
        Links = Links.FailedRunnerSeries,
        Height = 9,
        Min = 0,
        Decimals = 0,
    };

    private static Panel BusyRunners() => new(
        PanelType.BarGauge, "Busiest runners", "The ten runners that were busy for most of the selected range.",
        "percentunit", 8, new Query($"topk(10, avg by (runner_name, runner_type, runner_scope) (avg_over_time(github_runner_busy{{{Chosen}}}[$__range])))", "{{runner_name}} {{runner_scope}}"))
    {
        Links = Links.RunnerSeries,
        Height = 9,
        Min = 0,
        Max = 1,
        Decimals = 1,
    };

    private static Panel Durations() => new(
        PanelType.Heatmap, "Durations", "The distribution of job durations: the more a cell differs from the background, the more jobs.",
        "short", 8, new Query($"sum by (le) ({DurationsInAnHour()})", "{{le}}"))
    {
        Height = 9,
    };

    private static Panel Workflows() => new(
        PanelType.Table, "Workflows", "The fifty workflows with the most jobs in the selected range. Rows without a workflow are jobs whose workflow is not known. " + NotByRunner,
        "short", 24,
        new Query($"topk(50, sum by ({ByWorkflow}) ({WorkflowJobs}))", "Jobs") { Decimals = 0 },
        new Query(OfTheMost($"sum by ({ByWorkflow}) (increase(github_workflow_jobs_total{{{Repositories},status=\"failed\"}}[$__range]))"), "Failed") { Decimals = 0, Links = Links.FailedJobs },
        new Query(OfTheMost(Ratio($"increase(github_workflow_jobs_total{{{Repositories},status=\"success\"}}[$__range])", WorkflowJobs, ByWorkflow)), "Success rate")
        {
            Unit = "percentunit",
            Decimals = 1,
            Thresholds = MoreIsBetter,
        },
        new Query(OfTheMost(Ratio(
            $"increase(github_workflow_job_duration_seconds_sum{{{Repositories}}}[$__range])", $"increase(github_workflow_job_duration_seconds_count{{{Repositories}}}[$__range])", ByWorkflow)),
            "Mean duration")
        {
            Unit = "s",
            Decimals = 1,
        },
        new Query(OfTheMost($"sum by ({ByWorkflow}) (increase(github_workflow_job_duration_seconds_sum{{{Repositories}}}[$__range]))"), "Time in all")
        {
            Unit = "s",
            Decimals = 1,
        })
    {
        Height = 11,
        SortedBy = "Jobs",
        CellLinks = Links.WorkflowCells,
    };

    // The same workflows in every column.
    private static string OfTheMost(string expression) => $"({expression}) and on ({ByWorkflow}) topk(50, sum by ({ByWorkflow}) ({WorkflowJobs}))";
}
