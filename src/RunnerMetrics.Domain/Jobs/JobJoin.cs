using System.Globalization;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>
/// Matches agents' jobs with GitHub's, so that each is counted once: by the check run id, else by run, attempt,
/// runner and time. Either side may report first.
/// </summary>
internal sealed class JobJoin
{
    /// <summary>The maximum number of jobs that a run has (GitHub: 256 of one matrix), all of which one runner may have run, from both sides.</summary>
    private const int MaxSightings = 512;

    private readonly JobLedger _ledger;
    private readonly int _mostSightings;
    private readonly RecentMap<List<JobSighting>> _sightings;
    private int _sightingCount;

    public JobJoin(JobLedger ledger, int horizonDays, int capacity)
    {
        _ledger = ledger;
        _mostSightings = 2 * capacity;
        Counted = new(horizonDays, capacity);
        AgentsJobs = new(horizonDays, capacity);
        GitHubsJobs = new(horizonDays, 2 * capacity);
        _sightings = new(horizonDays, capacity, old => _sightingCount -= old.Count);
    }

    /// <summary>The keys of jobs that are counted under another key.</summary>
    public RecentMap<UInt128> Counted { get; }

    /// <summary>The agents' jobs by their check runs.</summary>
    public RecentMap<UInt128> AgentsJobs { get; }

    /// <summary>GitHub's jobs by their check runs.</summary>
    public RecentMap<UInt128> GitHubsJobs { get; }

    /// <summary>The jobs of each run on each runner, as either side saw them.</summary>
    public IEnumerable<(UInt128 Run, int Day, List<JobSighting> Sightings)> Sightings => _sightings.Entries;

    /// <summary>The key that a job of an agent's is counted under.</summary>
    public UInt128 KeyOf(string jobKey) => CountedAs(HorizonMap<byte>.KeyOf(jobKey));

    /// <summary>Records a job that an agent speaks of.</summary>
    /// <returns>The key that it is counted under.</returns>
    public UInt128 Meet(JobIdentity job, string runnerName, DateTimeOffset? startedAt, DateTimeOffset? completedAt, DateTimeOffset at)
    {
        var key = HorizonMap<byte>.KeyOf(job.Key);
        if (Counted.TryGet(key, out var known))
        {
            return known;
        }

        var host = GitHubServer.HostOf(job.ServerUrl);
        if (job.CheckRunId != 0 && job.Repository.IsKnown)
        {
            var checkRun = CheckRunKey(host, job.Repository, job.CheckRunId);
            AgentsJobs.Set(checkRun, key, at);
            if (GitHubsJobs.TryGet(checkRun, out var gitHubs))
            {
                Join(key, gitHubs, at);
            }
        }
        else if (job.RunId != 0)
        {
            var sighting = SightingOf(key, isAgents: true, host, runnerName, job.RunId, job.RunAttempt, job.Name, startedAt, completedAt, at, out var others);
            if (FindOther(sighting, others) is { } gitHubs)
            {
                Join(key, gitHubs.Key, at);
                sighting.IsJoined = gitHubs.IsJoined = true;
            }
        }

        return CountedAs(key);
    }

    /// <summary>Records a job that GitHub speaks of, and settles which key it is counted under.</summary>
    public void Meet(WorkflowJobRecord record, WorkflowJob job, DateTimeOffset at)
    {
        var host = GitHubServer.HostOf(job.ServerUrl);
        var agents = MeetCheckRun(record, host, job.Repository, job.Id, at);
        if (job.CheckRunId != 0 && job.CheckRunId != job.Id)
        {
            agents ??= MeetCheckRun(record, host, job.Repository, job.CheckRunId, at);
        }

        if (job.RunnerName.Length > 0 && record.State >= WorkflowJobState.InProgress)
        {
            var sighting = SightingOf(
                record.Key, isAgents: false, host, job.RunnerName, job.RunId, job.RunAttempt, job.Name, record.StartedAt, record.CompletedAt, at, out var others);
            sighting.IsJoined |= agents is not null;
            if (FindOther(sighting, others) is { } other)
            {
                sighting.IsJoined = other.IsJoined = true;
                agents = other.Key;
            }
        }

        if (agents is { } found && !record.IsJoined)
        {
            Join(found, record.Key, at);
            record.IsJoined = true;
        }

        record.CountedAs = CountedAs(record.Key);
    }

    /// <summary>Continues with the jobs of one run on one runner as they were seen.</summary>
    public void Restore(UInt128 run, int day, List<JobSighting> sightings)
    {
        _sightings.Restore(run, day, sightings);
        _sightingCount += sightings.Count;
    }

    private UInt128? MeetCheckRun(WorkflowJobRecord record, string host, RepositoryName repository, long id, DateTimeOffset at)
    {
        var checkRun = CheckRunKey(host, repository, id);
        GitHubsJobs.Set(checkRun, record.Key, at);
        return AgentsJobs.TryGet(checkRun, out var agents) ? agents : null;
    }

    // The first counted key stays; the other side's key becomes an alias for it.
    private void Join(UInt128 agents, UInt128 gitHubs, DateTimeOffset at)
    {
        if (_ledger.IsConcluded(CountedAs(agents)))
        {
            Counted.Set(gitHubs, CountedAs(agents), at);
        }
        else
        {
            Counted.Set(agents, CountedAs(gitHubs), at);
        }
    }

    private UInt128 CountedAs(UInt128 key) => Counted.TryGet(key, out var counted) ? counted : key;

    private JobSighting SightingOf(
        UInt128 key, bool isAgents, string host, string runnerName, long runId, int attempt, string name, DateTimeOffset? startedAt, DateTimeOffset? completedAt,
        DateTimeOffset at, out List<JobSighting> all)
    {
        var run = HorizonMap<byte>.KeyOf(string.Create(CultureInfo.InvariantCulture, $"run\n{host}\n{runId}\n{runnerName}"));
        if (!_sightings.TryGet(run, out all!))
        {
            _sightings.Set(run, all = [], at);
        }

        var sighting = all.Find(seen => seen.Key == key);
        if (sighting is null)
        {
            all.Add(sighting = new JobSighting(key, isAgents, attempt, JobSighting.HashOf(name)));
            _sightingCount++;
            if (all.Count > MaxSightings || (_sightingCount > _mostSightings && all.Count > 1))
            {
                all.RemoveAt(0);
                _sightingCount--;
            }
        }

        sighting.StartedAt ??= startedAt;
        sighting.CompletedAt ??= completedAt;
        return sighting;
    }

    private static JobSighting? FindOther(JobSighting sighting, List<JobSighting> others) => others
        .Where(other => other.DistanceTo(sighting) is not null)
        .OrderByDescending(other => other.IsNamedAs(sighting)).ThenBy(other => other.DistanceTo(sighting))
        .FirstOrDefault();

    private static UInt128 CheckRunKey(string host, RepositoryName repository, long id) =>
        HorizonMap<byte>.KeyOf(string.Create(CultureInfo.InvariantCulture, $"check\n{host}\n{repository.Lower}\n{id}"));
}
