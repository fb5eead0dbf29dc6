using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>How a run, a job or a step ended, as OpenTelemetry's conventions for CI/CD say it: <c>cicd.pipeline.result</c>, <c>cicd.pipeline.task.run.result</c>, <c>error.type</c>.</summary>
/// <param name="Word">success, failure, error, timeout, cancellation, skip; empty if it has none of these.</param>
/// <param name="ErrorType">What failed, of few values: GitHub's word, or ours; empty unless it is a failure or an error.</param>
/// <param name="Reason">Whose fault it was, where that is known.</param>
internal sealed record TracedResult(string Word, string ErrorType = "", string Reason = "")
{
    /// <summary>There is no word on it.</summary>
    public static TracedResult None { get; } = new("");

    /// <summary>Why the span's status is Error; null if it is not.</summary>
    public string? Error => Word is "failure" or "error" or "timeout" ? (ErrorType.Length > 0 ? ErrorType : Word) : null;

    /// <summary>GitHub's word.</summary>
    public static TracedResult Of(string conclusion, JobFailureReason? reason) => conclusion switch
    {
        "success" or "neutral" => new("success"),
        "failure" => new(reason is JobFailureReason.Setup or JobFailureReason.Runner ? "error" : "failure", conclusion, NameOf(reason)),
        "startup_failure" or "stale" => new("error", conclusion, NameOf(reason)),
        "timed_out" => new("timeout"),
        "cancelled" => new("cancellation"),
        "skipped" => new("skip"),
        _ => None,
    };

    /// <summary>An agent's word.</summary>
    public static TracedResult Of(JobConclusion conclusion, JobFailureReason? reason) =>
        Of(conclusion switch { JobConclusion.Success => "success", JobConclusion.Failed => "failure", JobConclusion.Cancelled => "cancelled", _ => "" }, reason);

    private static string NameOf(JobFailureReason? reason) => reason?.ToString().ToLowerInvariant() ?? "";
}
