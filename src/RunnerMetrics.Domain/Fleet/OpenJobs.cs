using System.Collections;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The jobs of one runner that started and did not end, in the order in which they started; there are few of them (<see cref="FleetOptions.MaxOpenJobsPerRunner"/>).</summary>
/// <param name="meter">Counts the bytes of all runners' open jobs.</param>
internal sealed class OpenJobs(ByteMeter meter) : IReadOnlyList<OpenJob>
{
    /// <summary>What a job takes beside its texts: the objects and their places in lists.</summary>
    private const int Overhead = 400;

    private readonly List<OpenJob> _jobs = [];

    public int Count => _jobs.Count;

    public OpenJob this[int index] => _jobs[index];

    /// <summary>About how many bytes of memory a job takes while it is open.</summary>
    public static long SizeOf(JobIdentity job) =>
        Overhead + (sizeof(char) * (job.Key.Length + job.JobId.Length + job.ServerUrl.Length + job.Repository.ToString().Length + job.Workflow.Length + job.Name.Length));

    public OpenJob? Find(string jobKey) => _jobs.Find(open => open.Job.Key == jobKey);

    /// <summary>The latest of one life of the listener.</summary>
    public OpenJob? LatestOf(string instanceId) => _jobs.FindLast(job => job.InstanceId == instanceId);

    /// <summary>Adds a job that is not among them.</summary>
    public void Add(OpenJob job)
    {
        if (Find(job.Job.Key) is null)
        {
            var later = _jobs.FindIndex(open => open.StartedAt > job.StartedAt);
            _jobs.Insert(later < 0 ? _jobs.Count : later, job);
            meter.Bytes += SizeOf(job.Job);
        }
    }

    public void Remove(string jobKey)
    {
        if (Find(jobKey) is { } ended)
        {
            _jobs.Remove(ended);
            meter.Bytes -= SizeOf(ended.Job);
        }
    }

    public void Clear()
    {
        meter.Bytes -= _jobs.Sum(open => SizeOf(open.Job));
        _jobs.Clear();
    }

    public IEnumerator<OpenJob> GetEnumerator() => _jobs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
