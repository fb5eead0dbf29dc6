using RunnerMetrics.Domain;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;
using RunnerMetrics.Exporter.Traces;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>The fleet's figures in the words of OpenTelemetry's semantic conventions 1.44 for CI/CD; docs/telemetry.md has the table.</summary>
internal static class FleetMetricsMapping
{
    /// <summary>The requests that tell the figures of a moment.</summary>
    public static IReadOnlyList<ExportRequest> RequestsOf(FleetFigures figures, Resource resource, DateTimeOffset now)
    {
        // A clock that was set back must not make an interval that ends before it begins.
        var request = new FleetMetricsRequest(resource, figures.Since, now < figures.Since ? figures.Since : now);
        AddWorkers(request, figures.Workers);
        AddActiveRuns(request, figures.Workflows);
        AddDurations(request, figures.Runs);
        AddRunErrors(request, figures.Workflows);
        foreach (var error in figures.SystemErrors)
        {
            request.Add(
                FleetMetric.SystemErrors, error.Count, ("cicd.system.component", "runner"), ("error.type", error.Reason), ("runner_metrics.runner.type", error.RunnerType));
        }

        return request.Requests;
    }

    private static void AddWorkers(FleetMetricsRequest request, IReadOnlyList<WorkerFigure> workers)
    {
        foreach (var state in workers.GroupBy(worker => new { worker.RunnerType, State = worker.State switch { "idle" => "available", "busy" => "busy", _ => "offline" } }))
        {
            request.Add(FleetMetric.Workers, state.Sum(worker => worker.Count), ("cicd.worker.state", state.Key.State), ("runner_metrics.runner.type", state.Key.RunnerType));
        }
    }

    private static void AddActiveRuns(FleetMetricsRequest request, IReadOnlyList<WorkflowFigure> workflows)
    {
        foreach (var workflow in workflows)
        {
            Add("pending", workflow.Pending);
            Add("executing", workflow.Executing);

            void Add(string state, int? runs)
            {
                if (runs is { } count)
                {
                    var (owner, name) = PartsOf(workflow.Repository);
                    request.Add(
                        FleetMetric.RunsActive, count, ("cicd.pipeline.name", workflow.Workflow), ("cicd.pipeline.run.state", state), ("vcs.owner.name", owner), ("vcs.repository.name", name));
                }
            }
        }
    }

    // GitHub has more words than the conventions: those that are one result here are one series.
    private static void AddDurations(FleetMetricsRequest request, IReadOnlyList<RunFigure> runs)
    {
        foreach (var result in runs.GroupBy(run => new { run.Repository, run.Workflow, Result = TracedResult.Of(run.Conclusion, null) }))
        {
            var (owner, name) = PartsOf(result.Key.Repository);
            long[] counts = [.. result.First().Counts.Select((_, bucket) => result.Sum(run => run.Counts[bucket]))];
            request.Add(
                FleetMetric.RunDuration, counts, result.Sum(run => run.Sum), MetricCatalog.WorkflowRunDuration.Buckets,
                ("cicd.pipeline.name", result.Key.Workflow), ("cicd.pipeline.result", result.Key.Result.Word), ("error.type", result.Key.Result.ErrorType),
                ("vcs.owner.name", owner), ("vcs.repository.name", name));
        }
    }

    private static void AddRunErrors(FleetMetricsRequest request, IReadOnlyList<WorkflowFigure> workflows)
    {
        foreach (var workflow in workflows)
        {
            var (owner, name) = PartsOf(workflow.Repository);
            foreach (var (type, count) in (ReadOnlySpan<(string, double)>)[("failure", workflow.Failed), ("lost", workflow.Lost)])
            {
                request.Add(FleetMetric.RunErrors, count, ("cicd.pipeline.name", workflow.Workflow), ("error.type", type), ("vcs.owner.name", owner), ("vcs.repository.name", name));
            }
        }
    }

    private static (string Owner, string Name) PartsOf(RepositoryName repository) => repository.ToString().Split('/') is [var owner, var name] ? (owner, name) : ("", "");
}
