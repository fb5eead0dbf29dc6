using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Tests.Support;

/// <summary>What a fleet counts, as slow and as obvious as can be: every event and every job ever, in sets.</summary>
internal sealed class FleetModel
{
    private static readonly string[] Words = ["", "success", "failed", "cancelled", "lost"];

    private readonly HashSet<string> _seen = [];
    private readonly HashSet<EventSource> _settled = [];
    private readonly HashSet<string> _runners = [];
    private readonly HashSet<string> _open = [];
    private readonly Dictionary<string, JobConclusion> _first = [];
    private readonly Dictionary<string, JobConclusion> _latest = [];
    private readonly HashSet<(string, JobConclusion)> _told = [];

    public Dictionary<string, double> Counts { get; } = [];

    /// <summary>A heartbeat counts nothing, but makes a runner known.</summary>
    public void RecordHeartbeat(string runner) => _runners.Add(runner);

    public int Open() => _open.Count;

    public ApplyOutcome Apply(FleetEvent happened, EventSource source = default)
    {
        if (source.HasSequence ? !_settled.Add(source) : !_seen.Add(happened.EventId))
        {
            return ApplyOutcome.Duplicate;
        }

        switch (happened)
        {
            case JobStarted started:
                _runners.Add(started.Runner.Name);
                if (!_first.ContainsKey(started.Job.Key))
                {
                    _open.Add(started.Job.Key);
                }

                break;
            case CacheReported cache:
                _runners.Add(cache.Runner.Name);
                Add(cache.Runner.Name, $"github_runner_cache_requests_total{{R,cache_type=\"{cache.CacheType}\",result=\"hit\"}}", cache.Hits);
                Add(cache.Runner.Name, $"github_runner_cache_requests_total{{R,cache_type=\"{cache.CacheType}\",result=\"miss\"}}", cache.Misses);
                break;
            case RunnerStopped stopped:
                _runners.Add(stopped.Runner.Name);
                break;
            case JobGivenUp givenUp when _runners.Contains(givenUp.RunnerName) && _first.ContainsKey(givenUp.JobKey):
                return ApplyOutcome.Duplicate;
            case JobGivenUp givenUp when _runners.Contains(givenUp.RunnerName):
                return Conclude(givenUp.RunnerName, givenUp.JobKey, JobConclusion.Lost, null, null);
            case JobCompleted completed:
                _runners.Add(completed.Runner.Name);
                var seconds = completed.Conclusion == JobConclusion.Lost ? null : (completed.CompletedAt - completed.StartedAt)?.TotalSeconds;
                return Conclude(completed.Runner.Name, completed.Job.Key, completed.Conclusion, completed.FailureReason, seconds);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Conclude(string runner, string key, JobConclusion conclusion, JobFailureReason? reason, double? seconds)
    {
        _open.Remove(key);
        var isNews = _told.Add((key, conclusion));
        if (_first.TryAdd(key, conclusion))
        {
            _latest[key] = conclusion;
            var status = Words[(int)conclusion];
            Add(runner, $"github_runner_jobs_total{{R,status=\"{status}\"}}", 1);
            if (conclusion == JobConclusion.Failed)
            {
                Add(runner, $"github_runner_job_failures_total{{R,reason=\"{(reason ?? JobFailureReason.Unknown).ToString().ToLowerInvariant()}\"}}", 1);
            }

            if (seconds is { } measured)
            {
                Add(runner, $"github_runner_job_duration_seconds_count{{R,status=\"{status}\"}}", 1);
                Add(runner, $"github_runner_job_duration_seconds_sum{{R,status=\"{status}\"}}", measured);
            }

            return ApplyOutcome.Accepted;
        }

        var earlier = _latest[key];
        if (!isNews)
        {
            return ApplyOutcome.Duplicate;
        }

        _latest[key] = conclusion;
        Add(runner, $"github_runner_job_corrections_total{{R,from=\"{Words[(int)earlier]}\",to=\"{Words[(int)conclusion]}\"}}", 1);
        return ApplyOutcome.Accepted;
    }

    private void Add(string runner, string series, double amount)
    {
        if (amount > 0)
        {
            var name = runner == "r3" ? RunnerIdentity.EphemeralName : runner;
            var key = series.Replace("R", $"runner_name=\"{name}\",runner_type=\"standard\"", StringComparison.Ordinal);
            Counts[key] = Counts.GetValueOrDefault(key) + amount;
        }
    }
}
