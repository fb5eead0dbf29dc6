using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>When commits were made, by repository and hash; the latest of them, and the deployments that still wait to hear of theirs.</summary>
internal sealed class CommitTimes(int horizonDays, int capacity)
{
    /// <summary>A change may wait long for its deployment: longer than an event may be late.</summary>
    private const int RememberedDays = 400;

    /// <summary>Of one commit: more environments than that, each with runs that wait to hear of it, no repository has.</summary>
    private const int MaxAwaiting = 64;

    private readonly RecentMap<long> _times = new(RememberedDays, capacity);
    private readonly RecentMap<List<UInt128>> _awaited = new(horizonDays, capacity);
    private readonly RecentMap<byte> _repositories = new(RememberedDays, capacity);

    /// <summary>Whether anybody tells of the commits of a repository.</summary>
    public bool AreToldOf(UInt128 repository) => _repositories.TryGet(repository, out _);

    /// <summary>Takes note that somebody does.</summary>
    /// <returns>Whether that is new.</returns>
    public bool BeginToTell(UInt128 repository, DateTimeOffset at)
    {
        var isNew = !AreToldOf(repository);
        _repositories.Set(repository, 0, at);
        return isNew;
    }

    /// <summary>Takes note of a commit.</summary>
    /// <returns>The deployments that wait to hear of it.</returns>
    public IReadOnlyList<UInt128> Add(UInt128 commit, DateTimeOffset committedAt, DateTimeOffset at)
    {
        if (!_times.TryGet(commit, out _))
        {
            _times.Set(commit, committedAt.UtcTicks, at);
        }

        if (!_awaited.TryGet(commit, out var waiting) || waiting.Count == 0)
        {
            return [];
        }

        _awaited.Set(commit, [], at);
        return waiting;
    }

    /// <summary>When a commit was made; where that is not known, the deployment is told when it is.</summary>
    public DateTimeOffset? Find(UInt128 commit, UInt128 deployment, DateTimeOffset at)
    {
        if (_times.TryGet(commit, out var ticks))
        {
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }

        if (!_awaited.TryGet(commit, out var waiting))
        {
            _awaited.Set(commit, waiting = [], at);
        }

        if (!waiting.Contains(deployment) && waiting.Count < MaxAwaiting)
        {
            waiting.Add(deployment);
        }

        return null;
    }

    public void Save(BinaryWriter writer)
    {
        _times.Save(writer, (w, ticks) => w.Write(ticks));
        _awaited.Save(writer, (w, waiting) =>
        {
            w.Write(waiting.Count);
            waiting.ForEach(deployment => w.Write(deployment));
        });
        _repositories.Save(writer, (_, _) => { });
    }

    public void Load(BinaryReader reader)
    {
        _times.Load(reader, r => r.ReadInt64());
        _awaited.Load(reader, r =>
        {
            List<UInt128> waiting = [];
            for (var count = r.ReadInt32(); count > 0; count--)
            {
                waiting.Add(r.ReadKey());
            }

            return waiting;
        });
        _repositories.Load(reader, _ => 0);
    }
}
