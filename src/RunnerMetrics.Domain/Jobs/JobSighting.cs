namespace RunnerMetrics.Domain.Jobs;

/// <summary>
/// A job of one run on one runner, as an agent or GitHub saw it: without a check run id, the two are matched by time. A runner runs one
/// job at a time, but one run can give it many.
/// </summary>
/// <param name="key">The job's key on its side.</param>
/// <param name="isAgents">Whether an agent saw it.</param>
/// <param name="attempt">The run's attempt; 0 if it is not known.</param>
/// <param name="nameHash">Of the display name; 0 if it is not known.</param>
internal sealed class JobSighting(UInt128 key, bool isAgents, int attempt, uint nameHash)
{
    /// <summary>How far two clocks that are believed may be apart (job_events.proto: a skew beyond 5 minutes is put right).</summary>
    private static readonly TimeSpan SameName = TimeSpan.FromMinutes(5);

    /// <summary>No two jobs of different names begin on one runner so close together.</summary>
    private static readonly TimeSpan AnyName = TimeSpan.FromSeconds(10);

    public UInt128 Key { get; } = key;

    public bool IsAgents { get; } = isAgents;

    public int Attempt { get; } = attempt;

    public uint NameHash { get; } = nameHash;

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public bool IsJoined { get; set; }

    /// <summary>How far apart two sightings are; null if they cannot be of one job.</summary>
    public TimeSpan? DistanceTo(JobSighting other)
    {
        var distance = (StartedAt - other.StartedAt ?? CompletedAt - other.CompletedAt)?.Duration();
        var isOther = IsAgents == other.IsAgents || IsJoined || other.IsJoined || (Attempt != other.Attempt && Attempt != 0 && other.Attempt != 0);
        return isOther || distance > (IsNamedAs(other) ? SameName : AnyName) ? null : distance;
    }

    public bool IsNamedAs(JobSighting other) => NameHash == other.NameHash || NameHash == 0 || other.NameHash == 0;

    /// <summary>A short hash that is the same in every process (FNV-1a).</summary>
    public static uint HashOf(string name)
    {
        var hash = name.Length == 0 ? 0 : 2166136261;
        foreach (var c in name)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }
}
