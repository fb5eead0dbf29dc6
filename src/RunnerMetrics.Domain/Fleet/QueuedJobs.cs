using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The jobs that wait for a runner now, and how many of them there are for each type. Types past the limit are left out.</summary>
internal sealed class QueuedJobs(FleetFamilies families, int maxTypes, int capacity)
{
    private readonly Dictionary<UInt128, QueuedJob> _waiting = [];
    private readonly Dictionary<string, Gauge?> _types = new(StringComparer.Ordinal);

    /// <summary>The jobs that have been waiting since before a moment of the fleet's observed time.</summary>
    public IEnumerable<UInt128> WaitingSinceBefore(TimeSpan moment) => _waiting.Where(job => job.Value.Since < moment).Select(job => job.Key);

    public void Enter(UInt128 job, string runnerType, TimeSpan since)
    {
        if (_waiting.TryAdd(job, new QueuedJob(runnerType, since)))
        {
            Add(runnerType, 1);
            if (_waiting.Count > capacity)
            {
                Leave(_waiting.MinBy(waiting => waiting.Value.Since).Key);
            }
        }
    }

    /// <summary>Shows that jobs of a type are heard of, though none waits.</summary>
    public void Bear(string runnerType) => Add(runnerType, 0);

    public void Leave(UInt128 job)
    {
        if (_waiting.Remove(job, out var waited))
        {
            Add(waited.RunnerType, -1);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_types.Count);
        foreach (var (type, gauge) in _types)
        {
            writer.Write(type);
            writer.Write(gauge is not null);
            gauge?.Save(writer);
        }

        writer.Write(_waiting.Count);
        foreach (var (job, waiting) in _waiting)
        {
            writer.Write(job);
            writer.Write(waiting.RunnerType);
            writer.Write(waiting.Since.Ticks);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var type = reader.ReadString();
            var gauge = _types[type] = reader.ReadBoolean() ? families.WorkflowJobsQueued.AddGauge(Labels.Of(("runner_type", type))) : null;
            gauge?.Load(reader);
        }

        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _waiting[reader.ReadKey()] = new QueuedJob(reader.ReadString(), TimeSpan.FromTicks(reader.ReadInt64()));
        }
    }

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

        gauge?.Set(gauge.Value + jobs);
    }

    private readonly record struct QueuedJob(string RunnerType, TimeSpan Since);
}
