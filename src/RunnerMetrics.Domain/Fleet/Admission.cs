using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// Decides, before a group of events is made durable, for which of them there is room: what is kept of runners and their jobs has limits, and events beyond
/// a limit are deferred, so that the sender keeps them. Used by the thread that folds events, and by a replay.
/// </summary>
/// <param name="fleet">The state.</param>
/// <param name="registry">The registry whose gate guards the fleet.</param>
/// <param name="options">The limits.</param>
public sealed class Admission(FleetState fleet, MetricRegistry registry, FleetOptions options)
{
    private readonly HashSet<RunnerKey> _newRunners = [];
    private readonly Dictionary<RunnerKey, int> _newJobs = [];
    private long _newJobBytes;

    /// <summary>Begins a group, after the earlier ones were folded in.</summary>
    public void Begin()
    {
        _newRunners.Clear();
        _newJobs.Clear();
        _newJobBytes = 0;
    }

    /// <summary>Reserves the room for an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="names">The sender's budget of new names; null if that is not limited.</param>
    /// <returns>Why there is none, and what makes room; null if it is admitted.</returns>
    public string? Refuse(FleetEvent happened, INameBudget? names = null)
    {
        using (registry.Gate.Enter())
        {
            if (fleet.RunnerOf(happened) is not { } runner)
            {
                return null;
            }

            var isNew = !fleet.Knows(runner) && !_newRunners.Contains(runner);
            if (isNew && fleet.RunnerCount + _newRunners.Count >= options.MaxRunnerRecords)
            {
                return $"the exporter already remembers {options.MaxRunnerRecords} runners, its limit: wait until some are forgotten, or raise --max-runners";
            }

            if (happened is JobStarted started && RefuseJob(runner, started) is { } problem)
            {
                return problem;
            }

            if (isNew && names?.TryTake() == false)
            {
                return names.Refusal;
            }

            if (isNew)
            {
                _newRunners.Add(runner);
            }

            return null;
        }
    }

    private string? RefuseJob(RunnerKey runner, JobStarted started)
    {
        if (fleet.IsKnown(started.Job))
        {
            return null;
        }

        var bytes = OpenJobs.SizeOf(started.Job);
        var open = fleet.OpenJobsOf(runner) + _newJobs.GetValueOrDefault(runner);
        if (open >= options.MaxOpenJobsPerRunner)
        {
            return $"runner '{runner.Name}' has {open} jobs that started and did not end: report their ends first";
        }

        if (fleet.OpenJobBytes + _newJobBytes + bytes > options.MaxOpenJobBytes)
        {
            return "unfinished jobs use all the memory for them: report their ends first";
        }

        _newJobs[runner] = _newJobs.GetValueOrDefault(runner) + 1;
        _newJobBytes += bytes;
        return null;
    }
}
