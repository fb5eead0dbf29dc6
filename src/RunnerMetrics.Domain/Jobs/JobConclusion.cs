namespace RunnerMetrics.Domain.Jobs;

/// <summary>How a job ended. There is no "unknown": a job whose end was not observed has no conclusion yet.</summary>
public enum JobConclusion
{
    /// <summary>Every step that had to succeed did.</summary>
    Success = 1,

    /// <summary>GitHub was told that the job failed, whatever the cause: see <see cref="JobFailureReason"/>.</summary>
    Failed = 2,

    /// <summary>A person or a time limit cancelled it.</summary>
    Cancelled = 3,

    /// <summary>The runner was gone before a result was reported.</summary>
    Lost = 4,
}
