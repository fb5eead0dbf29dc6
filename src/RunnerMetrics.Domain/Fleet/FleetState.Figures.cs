using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <content>What OpenTelemetry is told: read from the series that <c>/metrics</c> shows, and from the runs of the jobs that wait and run.</content>
public sealed partial class FleetState
{
    private static readonly string[] SystemErrorReasons = ["setup", "runner", "lost"];

    private readonly RunSeries _runs;
    private readonly ForgottenErrors _forgottenErrors;

    /// <summary>Since when everything is counted, in all lives of the exporter together; null until it is known. The writer's gate guards it.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>The figures of this moment; null until it is known since when they are counted.</summary>
    public FleetFigures? Measure()
    {
        using (_registry.Gate.Enter())
        {
            return Since is { } since ? new FleetFigures(since, [.. _states.Figures], Workflows(), [.. _runs.Figures], SystemErrors()) : null;
        }
    }

    private ApplyOutcome Fold(WorkflowRunEnded ended)
    {
        // The webhooks of a repository and of its organisation have two ids for one end.
        if (!_seenEvents.TryAdd(RunKey.Of(ended.ServerUrl, ended.RunId, ended.RunAttempt).Memory("ended"), 0, ended.OccurredAt))
        {
            return ApplyOutcome.Duplicate;
        }

        if (!ended.IsOnlyTraced)
        {
            _runs.Count(ended.Repository, ended.Workflow, ended.Conclusion, ended.OccurredAt - ended.StartedAt);
        }

        TraceDue?.Invoke(ended);
        return ApplyOutcome.Accepted;
    }

    private void RememberBegin(RunKey run, DateTimeOffset at)
    {
        if (run.IsKnown)
        {
            _seenEvents.TryAdd(run.Memory("began"), 0, at);
        }
    }

    private static RunKey RunOf(JobIdentity job) => RunKey.Of(job.ServerUrl, job.RunId, job.RunAttempt);

    private List<WorkflowFigure> Workflows()
    {
        var active = ActiveRuns();
        var (arePending, areExecuting) = (_queued.AreReported, _states.AreReported);
        List<WorkflowFigure> figures = [];
        foreach (var (name, failed, lost) in _workflows.Errors)
        {
            active.Remove(name, out var runs);
            figures.Add(Figure(name, failed, lost, runs));
        }

        // Waiting jobs alone may be past the limit.
        foreach (var (name, runs) in active)
        {
            figures.Add(Figure(name, 0, 0, runs));
        }

        return figures;

        WorkflowFigure Figure((RepositoryName Repository, string Workflow) name, double failed, double lost, (int Pending, int Executing) runs) =>
            new(name.Repository, name.Workflow, failed, lost, arePending ? runs.Pending : null, areExecuting ? runs.Executing : null);
    }

    // A run whose id is not known cannot be told from others, and is left out.
    private Dictionary<(RepositoryName, string), (int Pending, int Executing)> ActiveRuns()
    {
        Dictionary<RunKey, ((RepositoryName, string)? Workflow, bool IsExecuting)> runs = [];
        foreach (var runner in _runners.Values)
        {
            if (runner is { IsBusy: true, RunningJob.Job: { } job })
            {
                runs[RunOf(job)] = (_workflows.NameOf(job.Repository, job.Workflow), true);
            }
        }

        foreach (var job in _queued.Waiting)
        {
            if (!runs.ContainsKey(job.Run))
            {
                runs[job.Run] = (_workflows.NameOf(RepositoryName.Kept(job.Repository), job.Workflow), _seenEvents.TryGet(job.Run.Memory("began"), out _));
            }
        }

        Dictionary<(RepositoryName, string), (int Pending, int Executing)> counts = [];
        foreach (var (run, (workflow, isExecuting)) in runs)
        {
            if (run.IsKnown && workflow is { } name)
            {
                var (pending, executing) = counts.GetValueOrDefault(name);
                counts[name] = isExecuting ? (pending, executing + 1) : (pending + 1, executing);
            }
        }

        return counts;
    }

    private List<SystemErrorFigure> SystemErrors()
    {
        Dictionary<string, double[]> types = new(StringComparer.Ordinal);
        foreach (var runner in _runners.Values)
        {
            if (runner.Gauges is not null)
            {
                Add(runner.Identity.Type, runner.Jobs.SystemErrors);
            }
        }

        foreach (var series in _shared.AllByType)
        {
            Add(series.RunnerType, series.Jobs.SystemErrors);
        }

        foreach (var (type, counts) in _forgottenErrors.All)
        {
            Add(type, counts);
        }

        List<SystemErrorFigure> figures = [];
        foreach (var (type, counts) in types)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                figures.Add(new SystemErrorFigure(type, SystemErrorReasons[i], counts[i]));
            }
        }

        return figures;

        void Add(string type, double[] counts)
        {
            var sums = types.TryGetValue(type, out var before) ? before : types[type] = new double[counts.Length];
            for (var i = 0; i < counts.Length; i++)
            {
                sums[i] += counts[i];
            }
        }
    }
}
