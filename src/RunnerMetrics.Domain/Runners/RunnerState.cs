namespace RunnerMetrics.Domain.Runners;

/// <summary>What a runner's listener is doing, as its agent sees it.</summary>
public enum RunnerState
{
    /// <summary>It waits for a job.</summary>
    Idle = 1,

    /// <summary>A job runs.</summary>
    Busy = 2,

    /// <summary>The listener runs but cannot reach GitHub.</summary>
    Disconnected = 3,
}
