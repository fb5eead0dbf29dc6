using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What GitHub's conclusions come to. docs/github-webhooks.md has the table.</summary>
internal static class Conclusions
{
    private static readonly string[] SetUpSteps = ["Set up job", "Set up runner", "Initialize containers"];
    private static readonly string[] RunnersSteps = ["Complete runner", "Complete job", "Stop containers"];

    /// <summary>A conclusion of a job that a runner took.</summary>
    /// <param name="conclusion">GitHub's word.</param>
    /// <param name="isKnown">False if GitHub has a new word.</param>
    /// <returns>How the job ended; null if it did not run.</returns>
    public static JobConclusion? Of(string conclusion, out bool isKnown)
    {
        isKnown = true;
        switch (conclusion)
        {
            case "success" or "neutral":
                return JobConclusion.Success;
            case "failure" or "startup_failure":
                return JobConclusion.Failed;
            case "cancelled" or "timed_out": // the runner's own word for a job that ran out of time is Canceled
                return JobConclusion.Cancelled;
            case "stale": // GitHub gave up waiting for a word
                return JobConclusion.Lost;
            case "skipped" or "action_required":
                return null;
            default:
                isKnown = false;
                return null;
        }
    }

    /// <summary>Whose fault a failure was, as far as the steps say: one of the runner's own, or one of the job's.</summary>
    public static JobFailureReason ReasonOf(string conclusion, IReadOnlyList<WorkflowJobPayload.StepPart?> steps)
    {
        if (conclusion == "startup_failure")
        {
            return JobFailureReason.Setup;
        }

        var failed = steps.FirstOrDefault(step => step?.Conclusion is "failure" or "timed_out")?.Name;
        return failed is null ? JobFailureReason.Unknown
            : SetUpSteps.Contains(failed) ? JobFailureReason.Setup
            : RunnersSteps.Contains(failed) ? JobFailureReason.Runner
            : JobFailureReason.Job;
    }
}
