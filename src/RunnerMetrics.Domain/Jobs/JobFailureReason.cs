namespace RunnerMetrics.Domain.Jobs;

/// <summary>The reason of a job's failure.</summary>
public enum JobFailureReason
{
    /// <summary>A step of the job's own failed.</summary>
    Job = 1,

    /// <summary>The job never reached its first own step: an action could not be fetched, the started hook failed.</summary>
    Setup = 2,

    /// <summary>The worker crashed or was killed, the runner was shut down under it, or the runner's own clean-up failed.</summary>
    Runner = 3,

    /// <summary>Not known from the logs.</summary>
    Unknown = 4,
}
