using RunnerMetrics.Core.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>What the files say together about how a job ended.</summary>
/// <param name="Conclusion">How it ended.</param>
/// <param name="Reason">Whose fault it was, where it failed or was lost.</param>
internal readonly record struct JobVerdict(JobConclusion Conclusion, JobFailureReason? Reason)
{
    public static readonly JobVerdict Success = new(JobConclusion.Success, null);
    public static readonly JobVerdict Cancelled = new(JobConclusion.Cancelled, null);
    public static readonly JobVerdict Lost = new(JobConclusion.Lost, JobFailureReason.Runner);

    /// <summary>
    /// The worker's own word comes first, then its exit code, then the listener's line. Success is never inferred: where nobody said
    /// anything, the job is lost.
    /// </summary>
    /// <param name="worker">What the worker wrote, where it wrote anything.</param>
    /// <param name="exitCode">The worker's exit code, from the listener's log: in the worker's own, steps and hooks log theirs too.</param>
    /// <param name="told">What the listener told the server.</param>
    /// <param name="shutdownAt">When the listener was told to stop, where it was. From its own log only: the worker's can be forged.</param>
    public static JobVerdict Decide(WorkerSection? worker, int? exitCode, RunnerResult? told, DateTimeOffset? shutdownAt)
    {
        var word = worker?.Result ?? FromExitCode(exitCode);
        return (word ?? told) switch
        {
            RunnerResult.Succeeded or RunnerResult.SucceededWithIssues => Success,
            RunnerResult.Failed => new JobVerdict(JobConclusion.Failed, FailureReason(worker, exitCode, shutdownAt)),
            RunnerResult.Abandoned => new JobVerdict(JobConclusion.Failed, JobFailureReason.Runner),

            // The listener says Canceled also of a job that its own shutdown ended, and failed.
            RunnerResult.Canceled or RunnerResult.Skipped when word is null && shutdownAt is not null => new JobVerdict(JobConclusion.Failed, JobFailureReason.Runner),
            RunnerResult.Canceled or RunnerResult.Skipped => Cancelled,
            _ => Lost,
        };
    }

    // actions/runner 2.336.0, TaskResultUtil.cs: 100 and the result; 137 and the like are no worker's word.
    private static RunnerResult? FromExitCode(int? exitCode) =>
        exitCode is >= 100 and <= 105 ? (RunnerResult)(exitCode.Value - 100) : null;

    private static JobFailureReason FailureReason(WorkerSection? worker, int? exitCode, DateTimeOffset? shutdownAt)
    {
        if (worker?.Result is null && exitCode is not null && FromExitCode(exitCode) is null)
        {
            return JobFailureReason.Runner;
        }

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

        // A job that could not be initialised ends before its first step, with no result line.
        return worker.Result is null && !worker.Steps.StepsRan ? JobFailureReason.Setup : JobFailureReason.Unknown;
    }
}
