using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What is remembered of a deployment, from all its events, in any order.</summary>
internal sealed class DeploymentRecord(UInt128 key)
{
    public UInt128 Key { get; } = key;

    /// <summary>Where it counts; null while it is known only from an incident.</summary>
    public DeploymentSeries? Series { get; set; }

    /// <summary>How it ended; null until it did. The first one counts.</summary>
    public DeploymentState? Ended { get; private set; }

    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>The time of the measured commit, as far as the deployment's own events have it.</summary>
    public DateTimeOffset? CommittedAt => OldestCommittedAt ?? HeadCommittedAt;

    public DateTimeOffset? HeadCommittedAt { get; private set; }

    public DateTimeOffset? OldestCommittedAt { get; private set; }

    /// <summary>The commit in its repository; 0 if it is not known.</summary>
    public UInt128 Commit { get; set; }

    public bool IsRework { get; private set; }

    public bool HasIncident { get; set; }

    public bool IsLeadTimeSettled { get; set; }

    public bool IsReworkCounted { get; set; }

    /// <summary>Whether its failure was counted without a timeline, or after it was evicted from one.</summary>
    public bool IsFailureCounted { get; set; }

    /// <summary>Records what is new.</summary>
    /// <returns>Whether it ended by this event.</returns>
    public bool Learn(Deployment told, DateTimeOffset at)
    {
        HeadCommittedAt ??= told.HeadCommittedAt;
        OldestCommittedAt ??= told.OldestCommittedAt;
        IsRework |= told.IsRework;
        if (Ended is not null || told.State < DeploymentState.Success)
        {
            return false;
        }

        (Ended, EndedAt) = (told.State, told.FinishedAt ?? at);
        return true;
    }

    public Saved.Deployment Save(int day) => new()
    {
        Day = day,
        Key = Key.Save(),
        Repository = Series?.Repository.ToString() ?? "",
        Environment = Series?.Environment.ToString() ?? "",
        Ended = (int)(Ended ?? 0),
        EndedAt = EndedAt.Save(),
        HeadCommittedAt = HeadCommittedAt.Save(),
        OldestCommittedAt = OldestCommittedAt.Save(),
        Commit = Commit.Save(),
        IsRework = IsRework,
        HasIncident = HasIncident,
        IsLeadTimeSettled = IsLeadTimeSettled,
        IsReworkCounted = IsReworkCounted,
        IsFailureCounted = IsFailureCounted,
    };

    public static DeploymentRecord Load(Saved.Deployment saved, Func<RepositoryName, EnvironmentName, DeploymentSeries> seriesOf) => new(saved.Key.Load())
    {
        Series = saved.Repository.Length > 0 ? seriesOf(RepositoryName.Kept(saved.Repository), EnvironmentName.Kept(saved.Environment)) : null,
        Ended = saved.Ended > 0 ? (DeploymentState)saved.Ended : null,
        EndedAt = saved.EndedAt.LoadOrNever(),
        HeadCommittedAt = saved.HeadCommittedAt.Load(),
        OldestCommittedAt = saved.OldestCommittedAt.Load(),
        Commit = saved.Commit.Load(),
        IsRework = saved.IsRework,
        HasIncident = saved.HasIncident,
        IsLeadTimeSettled = saved.IsLeadTimeSettled,
        IsReworkCounted = saved.IsReworkCounted,
        IsFailureCounted = saved.IsFailureCounted,
    };
}
