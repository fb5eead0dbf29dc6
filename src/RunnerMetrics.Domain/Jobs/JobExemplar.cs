using System.Globalization;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>What a person needs to find a job again on GitHub.</summary>
internal static class JobExemplar
{
    /// <summary>The exemplar of something that was measured on a job; null if its run is not known.</summary>
    public static Exemplar? Of(JobIdentity job, double seconds, DateTimeOffset at)
    {
        if (!job.Repository.IsKnown || job.RunId == 0 || job.Repository.IsExcluded)
        {
            return null;
        }

        var runId = job.RunId.ToString(CultureInfo.InvariantCulture);
        return job.CheckRunId == 0
            ? Exemplar.TryCreate(seconds, at, ("repository", job.Repository), ("run_id", runId))
            : Exemplar.TryCreate(
                seconds,
                at,
                ("repository", job.Repository),
                ("run_id", runId),
                ("check_run_id", job.CheckRunId.ToString(CultureInfo.InvariantCulture)));
    }
}
