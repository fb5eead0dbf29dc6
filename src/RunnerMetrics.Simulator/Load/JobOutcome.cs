namespace RunnerMetrics.Simulator.Load;

/// <summary>How a job is going to end, unless the runner is stopped before.</summary>
internal enum JobOutcome
{
    /// <summary>Every step succeeds.</summary>
    Success,

    /// <summary>A step of the job's own fails.</summary>
    StepFails,

    /// <summary>GitHub asks for it to be cancelled while a step runs.</summary>
    Cancelled,

    /// <summary>An action cannot be downloaded: no hook runs, the worker logs no result.</summary>
    InitializeFails,

    /// <summary>The started hook exits with an error, which fails the job before its first step.</summary>
    StartedHookFails,

    /// <summary>The worker is killed: its log stops, the listener sees exit code 137.</summary>
    WorkerKilled,

    /// <summary>The whole runner is gone in mid-job, and comes back without knowing of it.</summary>
    RunnerCrashes,
}
