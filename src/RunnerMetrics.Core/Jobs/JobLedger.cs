using RunnerMetrics.Core.Events;

namespace RunnerMetrics.Core.Jobs;

/// <summary>Which jobs have ended, and how: so that each is counted once, at its first conclusion.</summary>
internal sealed class JobLedger(int horizonDays, int capacity)
{
    private readonly HorizonMap<JobConclusion> _concluded = new(horizonDays, capacity);

    public bool IsConcluded(string jobKey) => _concluded.TryGet(HorizonMap<JobConclusion>.KeyOf(jobKey), out _);

    /// <summary>Takes note of a conclusion.</summary>
    /// <param name="jobKey">The job.</param>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="at">When.</param>
    /// <param name="earlier">What was known before, where something was.</param>
    /// <returns>True where this is the job's first conclusion.</returns>
    public bool Conclude(string jobKey, JobConclusion conclusion, DateTimeOffset at, out JobConclusion earlier)
    {
        var key = HorizonMap<JobConclusion>.KeyOf(jobKey);
        if (!_concluded.TryGet(key, out earlier))
        {
            _concluded.TryAdd(key, conclusion, at);
            return true;
        }

        _concluded.Update(key, conclusion);
        return false;
    }
}
