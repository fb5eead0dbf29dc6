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
        figures.AddRange(active.Select(other => Figure(other.Key, 0, 0, other.Value)));
        return figures;

        WorkflowFigure Figure((RepositoryName Repository, string Workflow) name, double failed, double lost, (int Pending, int Executing) runs) =>
            new(name.Repository, name.Workflow, failed, lost, arePending ? runs.Pending : null, areExecuting ? runs.Executing : null);
    }

    // A run whose id is not known cannot be told from others, and is left out.
    private Dictionary<(RepositoryName, string), (int Pending, int Executing)> ActiveRuns()
    {
        Dictionary<RunKey, ((RepositoryName, string)? Workflow, bool IsExecuting)> runs = [];
        foreach (var job in _runners.Values.Where(runner => runner.IsBusy).Select(runner => runner.RunningJob?.Job).OfType<JobIdentity>())
        {
            runs[RunOf(job)] = (_workflows.NameOf(job.Repository, job.Workflow), true);
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
        var own = _runners.Values.Where(runner => runner.Gauges is not null).Select(runner => (runner.Identity.Type, runner.Jobs.SystemErrors));
        var shared = _shared.AllByType.Select(series => (series.RunnerType, series.Jobs.SystemErrors));
        Dictionary<string, double[]> types = new(StringComparer.Ordinal);
        foreach (var (type, counts) in own.Concat(shared).Concat(_forgottenErrors.All))
        {
            types[type] = types.TryGetValue(type, out var before) ? [.. before.Zip(counts, (a, b) => a + b)] : counts;
        }

        return [.. types.SelectMany(type => type.Value.Select((count, i) => new SystemErrorFigure(type.Key, SystemErrorReasons[i], count)))];
    }
}
