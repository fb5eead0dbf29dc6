using System.Globalization;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// Leaves the id of a running job's span for its started hook, which knows the run but not which of its jobs this is: <c>1001-1.span</c>. The hook does not wait for it, and takes it away; a job's end does too.
/// </summary>
internal sealed class JobSpans(HookFolder folder, TimeProvider time)
{
    public const string Ending = ".span";

    // One that began earlier is beyond its hook.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Looks at what happened.</summary>
    public void Note(DiagEvent happened)
    {
        switch (happened)
        {
            case JobBegan { Job: { CheckRunId: > 0, RunId: > 0 } job } when (time.GetUtcNow() - job.StartedAt).Duration() < Longest:
                folder.Write(NameOf(job), TraceIds.JobSpanOf(job.CheckRunId) + "\n");
                break;
            case JobEnded { Job: { CheckRunId: > 0, RunId: > 0 } job }:
                folder.Remove(NameOf(job));
                break;
        }
    }

    private static string NameOf(JobFacts job) => string.Create(CultureInfo.InvariantCulture, $"{job.RunId}-{Math.Max(1, job.RunAttempt)}{Ending}");
}
