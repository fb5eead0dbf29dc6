using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>When commits were made, by repository and hash; the latest commits, and the deployments that still wait for a commit's time.</summary>
internal sealed class CommitTimes(int horizonDays, int capacity)
{
    /// <summary>A change may wait long for its deployment: longer than an event may be late.</summary>
    private const int RememberedDays = 400;

    /// <summary>Per commit: no repository has more environments with runs that wait for it.</summary>
    private const int MaxAwaiting = 64;

    /// <summary>When each commit was made, in ticks.</summary>
    public RecentMap<long> Times { get; } = new(RememberedDays, capacity);

    /// <summary>The deployments that wait for a commit's time.</summary>
    public RecentMap<List<UInt128>> Awaited { get; } = new(horizonDays, capacity);

    /// <summary>The repositories whose commits are reported.</summary>
    public RecentMap<byte> Repositories { get; } = new(RememberedDays, capacity);

    /// <summary>Whether the commits of a repository are reported.</summary>
    public bool AreToldOf(UInt128 repository) => Repositories.TryGet(repository, out _);

    /// <summary>Records that they are.</summary>
    /// <returns>Whether that is new.</returns>
    public bool BeginToTell(UInt128 repository, DateTimeOffset at)
    {
        var isNew = !AreToldOf(repository);
        Repositories.Set(repository, 0, at);
        return isNew;
    }

    /// <summary>Records a commit.</summary>
    /// <returns>The deployments that wait for it.</returns>
    public IReadOnlyList<UInt128> Add(UInt128 commit, DateTimeOffset committedAt, DateTimeOffset at)
    {
        if (!Times.TryGet(commit, out _))
        {
            Times.Set(commit, committedAt.UtcTicks, at);
        }

        if (!Awaited.TryGet(commit, out var waiting) || waiting.Count == 0)
        {
            return [];
        }

        Awaited.Set(commit, [], at);
        return waiting;
    }

    /// <summary>When a commit was made; if it is not known yet, the deployment is updated later.</summary>
    public DateTimeOffset? Find(UInt128 commit, UInt128 deployment, DateTimeOffset at)
    {
        if (Times.TryGet(commit, out var ticks))
        {
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }

        if (!Awaited.TryGet(commit, out var waiting))
        {
            Awaited.Set(commit, waiting = [], at);
        }

        if (!waiting.Contains(deployment) && waiting.Count < MaxAwaiting)
        {
            waiting.Add(deployment);
        }

        return null;
    }
}
