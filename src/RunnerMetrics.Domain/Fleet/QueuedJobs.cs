using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The jobs that wait for a runner now, and how many of them there are for each type. Types past the limit are left out.</summary>
internal sealed class QueuedJobs(FleetFamilies families, int maxTypes, int capacity)
{
    private readonly Dictionary<UInt128, QueuedJob> _waiting = [];
    private readonly Dictionary<string, Gauge> _types = new(StringComparer.Ordinal);

    /// <summary>The jobs that have been waiting since before a moment of the fleet's observed time.</summary>
    public IEnumerable<UInt128> WaitingSinceBefore(TimeSpan moment) => _waiting.Where(job => job.Value.Since < moment).Select(job => job.Key);

    /// <summary>Whether GitHub reports jobs that wait.</summary>
    public bool AreReported => _types.Count > 0;

    /// <summary>The jobs that wait.</summary>
    public IEnumerable<QueuedJob> Waiting => _waiting.Values;

    public void Enter(UInt128 job, QueuedJob waiting)
    {
        if (_waiting.TryAdd(job, waiting))
        {
            Add(waiting.RunnerType, 1);
            if (_waiting.Count > capacity)
            {
                Leave(_waiting.MinBy(other => other.Value.Since).Key);
            }
        }
    }

    /// <summary>Shows that jobs of a type are reported, though none waits.</summary>
    public void Initialize(string runnerType) => Add(runnerType, 0);

    public void Leave(UInt128 job)
    {
        if (_waiting.Remove(job, out var waited))
        {
            Add(waited.RunnerType, -1);
        }
    }

    public IEnumerable<Saved.Piece> Save() =>
        _types.Select(type => new Saved.Piece { QueuedType = new Saved.QueuedType { RunnerType = type.Key, Jobs = type.Value.Save() } })
            .Concat(_waiting.Select(waiting => new Saved.Piece
            {
                QueuedJob = new Saved.QueuedJob
                {
                    Key = waiting.Key.Save(),
                    RunnerType = waiting.Value.RunnerType,
                    SinceTicks = waiting.Value.Since.Ticks,
                    CreatedAt = waiting.Value.CreatedAt.Save(),
                    Labels = waiting.Value.Labels,
                    ServerUrl = waiting.Value.Server,
                    Repository = waiting.Value.Repository,
                    RunId = waiting.Value.Run.Id,
                    RunAttempt = waiting.Value.Run.Attempt,
                    Workflow = waiting.Value.Workflow,
                },
            }));

    public void Load(Saved.QueuedType saved) =>
        (_types[saved.RunnerType] = families.WorkflowJobsQueued.AddGauge(Labels.Of(("runner_type", saved.RunnerType)))).Load(saved.Jobs);

    public void Load(Saved.QueuedJob saved) => _waiting[saved.Key.Load()] = new QueuedJob(
        saved.RunnerType, TimeSpan.FromTicks(saved.SinceTicks), saved.CreatedAt.Load(), saved.Labels, saved.ServerUrl, saved.Repository,
        RunKey.Of(saved.ServerUrl, saved.RunId, saved.RunAttempt), saved.Workflow);

    private void Add(string type, int jobs)
    {
        if (!_types.TryGetValue(type, out var gauge))
        {
            if (_types.Count >= maxTypes)
            {
                if (jobs > 0)
                {
                    families.DroppedSeries.Increment();
                }

                return;
            }

            gauge = _types[type] = families.WorkflowJobsQueued.AddGauge(Labels.Of(("runner_type", type)));
            gauge.Set(0);
        }

        gauge.Set(gauge.Value + jobs);
    }
}
