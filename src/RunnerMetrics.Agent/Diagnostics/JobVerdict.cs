using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>How a job ended, from all files together.</summary>
/// <param name="Conclusion">How it ended.</param>
/// <param name="Reason">The reason of the failure, if it failed or was lost.</param>
internal readonly record struct JobVerdict(JobConclusion Conclusion, JobFailureReason? Reason)
{
    public static readonly JobVerdict Success = new(JobConclusion.Success, null);
    public static readonly JobVerdict Cancelled = new(JobConclusion.Cancelled, null);
    public static readonly JobVerdict Lost = new(JobConclusion.Lost, JobFailureReason.Runner);

    private static readonly JobVerdict RunnerFailed = new(JobConclusion.Failed, JobFailureReason.Runner);

    /// <summary>
    /// The result that GitHub got counts: first the worker's exit code, then the worker's own log, then the listener's. Success is
    /// never inferred: without any line about its end, the job is lost.
    /// </summary>
    /// <param name="worker">The worker's log, if it wrote one.</param>
    /// <param name="exitCode">The worker's exit code, from the listener's log: in the worker's own, steps and hooks log theirs too.</param>
    /// <param name="told">The listener's result.</param>
    /// <param name="shutdownAt">When the listener was told to stop, if it was. From its own log only: the worker's can be forged.</param>
    public static JobVerdict Decide(WorkerSection? worker, int? exitCode, RunnerResult? told, DateTimeOffset? shutdownAt)
    {
        if (FromExitCode(exitCode) is { } code)
        {
            // 102 also if GitHub refused the completion.
            return code == RunnerResult.Failed && worker is { IsRefused: true } ? RunnerFailed : Conclude(code, worker, shutdownAt);
        }

        if (exitCode is not null && told is not null)
        {
            // A worker that does not end when the job is cancelled is killed; one that crashed reported nothing.
            return told == RunnerResult.Canceled && shutdownAt is null ? Cancelled : RunnerFailed;
        }

        if (exitCode is null && worker is { IsCompleted: true, Result: { } word })
        {
            return Conclude(word, worker, shutdownAt);
        }

        return told switch
        {
            // The listener says Canceled also of a job that its own shutdown ended, and failed.
            RunnerResult.Canceled or RunnerResult.Skipped when shutdownAt is not null => RunnerFailed,
            { } result => Conclude(result, worker, shutdownAt),
            null => Lost,
        };
    }

    // actions/runner, TaskResultUtil.cs: 100 and the result; 137 and the like do not come from the worker.
    private static RunnerResult? FromExitCode(int? exitCode) =>
        exitCode is >= 100 and <= 105 ? (RunnerResult)(exitCode.Value - 100) : null;

    private static JobVerdict Conclude(RunnerResult result, WorkerSection? worker, DateTimeOffset? shutdownAt) => result switch
    {
        RunnerResult.Succeeded or RunnerResult.SucceededWithIssues => Success,
        RunnerResult.Failed => new JobVerdict(JobConclusion.Failed, FailureReason(worker, shutdownAt)),
        RunnerResult.Canceled or RunnerResult.Skipped => Cancelled,
        RunnerResult.Abandoned => RunnerFailed,
        _ => Lost,
    };

    private static JobFailureReason FailureReason(WorkerSection? worker, DateTimeOffset? shutdownAt)
    {
        if (shutdownAt is not null && (worker?.Steps.FirstFailureAt is not { } failedAt || shutdownAt <= failedAt))
        {
            return JobFailureReason.Runner;
        }

        if (worker is null)
        {
            return JobFailureReason.Unknown;
        }

        if ((worker.Steps.FirstFailure ?? worker.Steps.FinalizationFailure) is { } reason)
        {
            return reason;
        }

        // All steps succeeded, so the failure came after them.
        if (worker.Fault is not null || worker.Result is RunnerResult.Succeeded or RunnerResult.SucceededWithIssues)
        {
            return JobFailureReason.Runner;
        }

        // A job that could not be initialised ends before its first step, with no result line.
        return worker.Result is null && !worker.Steps.StepsRan ? JobFailureReason.Setup : JobFailureReason.Unknown;
    }
}
