using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>
/// Tells of each job that ended as a trace of its own: its wait, what the runner set up, and its run, as far as each was measured. The agent's word
/// makes it; GitHub's does where no agent speaks for the runner. It is told as the event is taken, so it is not told again when the journal is read.
/// </summary>
internal sealed class JobTraces(FleetState fleet)
{
    /// <summary>How many jobs reported by GitHub are remembered, until a runner's agent reports for the first time.</summary>
    private const int MaxRemembered = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _toldByGitHub = [];
    private readonly Queue<UInt128> _inOrder = [];

    /// <summary>Whether anybody listens.</summary>
    public static bool AreWanted => ExporterTelemetry.Source.HasListeners();

    /// <summary>Tells of a job that an agent says has ended; nothing where its beginning or its end is not known.</summary>
    public void Record(JobCompleted completed)
    {
        if (!AreWanted || completed is not { StartedAt: { } startedAt, CompletedAt: { } completedAt } || WasTold(fleet.KeyOf(completed.Job)))
        {
            return;
        }

        var wait = fleet.WaitOf(completed.Job.Key);
        using var job = new JobTrace(wait?.CreatedAt ?? startedAt, completedAt);
        job.Describe(completed.Job, completed.Runner.Name, completed.Runner.Type, completed.Conclusion, completed.FailureReason);
        if (wait is var (createdAt, takenAt))
        {
            job.Add("wait", createdAt, takenAt);
        }

        if (completed.StepsStartedAt is { } stepsStartedAt)
        {
            job.Add("set up", startedAt, stepsStartedAt);
            job.Add("run", stepsStartedAt, completedAt);
        }
        else
        {
            // It did not reach its steps, or the time is not known.
            job.Add(completed.FailureReason == JobFailureReason.Setup ? "set up" : "run", startedAt, completedAt);
        }
    }

    /// <summary>Tells of a job that GitHub says has ended on a runner without an agent.</summary>
    public void Record(WorkflowJobChanged changed)
    {
        if (!AreWanted
            || changed is not { State: WorkflowJobState.Completed, Job: { Conclusion: { } conclusion, RunnerName.Length: > 0, StartedAt: { } startedAt, CompletedAt: { } completedAt } told }
            || told.CountsForKnownRunnersOnly
            || fleet.HasAgentFor(told.RunnerName, told.ServerUrl, told.Repository))
        {
            return;
        }

        // A runner's first job may be told by GitHub before its agent reports at all; the agent's word on it is no second trace.
        Remember(fleet.KeyOf(told));
        using var job = new JobTrace(told.CreatedAt ?? startedAt, completedAt);
        job.Describe(
            new JobIdentity("", "", told.ServerUrl, told.Repository, told.Workflow, told.Name, told.RunId, told.RunAttempt, told.CheckRunId == 0 ? told.Id : told.CheckRunId),
            told.RunnerName,
            told.RunnerType,
            conclusion,
            told.FailureReason);
        if (told.CreatedAt is { } createdAt)
        {
            job.Add("wait", createdAt, startedAt);
        }

        job.Add("run", startedAt, completedAt);
    }

    private bool WasTold(UInt128 key)
    {
        lock (_gate)
        {
            return _toldByGitHub.Contains(key);
        }
    }

    private void Remember(UInt128 key)
    {
        lock (_gate)
        {
            if (_toldByGitHub.Add(key))
            {
                _inOrder.Enqueue(key);
            }

            if (_inOrder.Count > MaxRemembered)
            {
                _toldByGitHub.Remove(_inOrder.Dequeue());
            }
        }
    }
}
