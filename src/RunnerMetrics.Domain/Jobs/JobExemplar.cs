using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>What a person needs to find a job again on GitHub.</summary>
internal static class JobExemplar
{
    /// <summary>The exemplar of something that was measured on a job; null if its run is not known.</summary>
    public static Exemplar? Of(JobIdentity job, double seconds, DateTimeOffset at, bool hasTrace)
    {
        if (!job.Repository.IsKnown || job.RunId == 0 || job.Repository.IsExcluded)
        {
            return null;
        }

        List<(string Name, string Value)> labels = [("repository", job.Repository), ("run_id", TraceIds.TextOf(job.RunId))];
        if (job.CheckRunId != 0)
        {
            labels.Add(("check_run_id", TraceIds.TextOf(job.CheckRunId)));
        }

        // A long repository leaves no room for the trace: its id follows from the run's.
        var traced = hasTrace ? Exemplar.TryCreate(seconds, at, [.. labels, ("trace_id", TraceIds.TraceOf(job.RunId, job.RunAttempt))]) : null;
        return traced ?? Exemplar.TryCreate(seconds, at, [.. labels]);
    }
}
