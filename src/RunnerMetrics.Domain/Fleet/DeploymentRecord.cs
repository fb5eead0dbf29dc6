using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What is remembered of a deployment, out of all that was told of it, in whichever order.</summary>
internal sealed class DeploymentRecord(UInt128 key)
{
    public UInt128 Key { get; } = key;

    /// <summary>Where it counts; null while only an incident named it.</summary>
    public DeploymentSeries? Series { get; set; }

    /// <summary>How it ended; null until it did. The first word counts.</summary>
    public DeploymentState? Ended { get; private set; }

    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>When the commit was made whose way is measured, as far as the deployment's own words say.</summary>
    public DateTimeOffset? CommittedAt => OldestCommittedAt ?? HeadCommittedAt;

    public DateTimeOffset? HeadCommittedAt { get; private set; }

    public DateTimeOffset? OldestCommittedAt { get; private set; }

    /// <summary>The commit in its repository; 0 where it is not known.</summary>
    public UInt128 Commit { get; set; }

    public bool IsRework { get; private set; }

    public bool HasIncident { get; set; }

    public bool IsLeadTimeSettled { get; set; }

    public bool IsReworkCounted { get; set; }

    /// <summary>Whether its failure was counted without a timeline, or in one that it has left.</summary>
    public bool IsFailureCounted { get; set; }

    /// <summary>Takes note of what is new.</summary>
    /// <returns>Whether it ended by that.</returns>
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

    public static void Save(BinaryWriter writer, DeploymentRecord record)
    {
        writer.Write(record.Key);
        writer.Write(record.Series is not null);
        if (record.Series is { } series)
        {
            writer.Write(series.Repository);
            writer.Write(series.Environment);
        }

        writer.Write((byte)(record.Ended ?? 0));
        writer.Write(record.EndedAt.UtcTicks);
        writer.Write(record.HeadCommittedAt);
        writer.Write(record.OldestCommittedAt);
        writer.Write(record.Commit);
        writer.Write(record.IsRework);
        writer.Write(record.HasIncident);
        writer.Write(record.IsLeadTimeSettled);
        writer.Write(record.IsReworkCounted);
        writer.Write(record.IsFailureCounted);
    }

    public static DeploymentRecord Load(BinaryReader reader, Func<string, string, DeploymentSeries> seriesOf) => new(reader.ReadKey())
    {
        Series = reader.ReadBoolean() ? seriesOf(reader.ReadString(), reader.ReadString()) : null,
        Ended = reader.ReadByte() is > 0 and var ended ? (DeploymentState)ended : null,
        EndedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        HeadCommittedAt = reader.ReadTime(),
        OldestCommittedAt = reader.ReadTime(),
        Commit = reader.ReadKey(),
        IsRework = reader.ReadBoolean(),
        HasIncident = reader.ReadBoolean(),
        IsLeadTimeSettled = reader.ReadBoolean(),
        IsReworkCounted = reader.ReadBoolean(),
        IsFailureCounted = reader.ReadBoolean(),
    };
}
