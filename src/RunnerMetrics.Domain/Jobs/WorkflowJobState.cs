namespace RunnerMetrics.Domain.Jobs;

/// <summary>Where GitHub says that a job is, in the order in which a job goes through it: news of an earlier state comes too late.</summary>
public enum WorkflowJobState
{
    /// <summary>It waits for an approval or another job's lock, and not for a runner.</summary>
    Waiting = 1,

    /// <summary>It waits for a runner.</summary>
    Queued = 2,

    /// <summary>A runner runs it.</summary>
    InProgress = 3,

    /// <summary>It ended, or never will be run.</summary>
    Completed = 4,
}
