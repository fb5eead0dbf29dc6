using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>What is remembered of an incident, out of all that was told of it, in whichever order. The first word on each counts.</summary>
internal sealed class IncidentRecord
{
    public DateTimeOffset? OpenedAt { get; private set; }

    public DateTimeOffset? ResolvedAt { get; private set; }

    public bool IsRecoveryMeasured { get; set; }

    /// <summary>From its beginning to its end, where both are known and were not measured yet.</summary>
    public TimeSpan? RecoveryToMeasure =>
        !IsRecoveryMeasured && ResolvedAt - OpenedAt is { } took ? (took > TimeSpan.Zero ? took : TimeSpan.Zero) : null;

    public void Learn(Incident told)
    {
        OpenedAt ??= told.OpenedAt;
        ResolvedAt ??= told.ResolvedAt;
    }

    public static void Save(BinaryWriter writer, IncidentRecord record)
    {
        writer.Write(record.OpenedAt);
        writer.Write(record.ResolvedAt);
        writer.Write(record.IsRecoveryMeasured);
    }

    public static IncidentRecord Load(BinaryReader reader) => new()
    {
        OpenedAt = reader.ReadTime(),
        ResolvedAt = reader.ReadTime(),
        IsRecoveryMeasured = reader.ReadBoolean(),
    };
}
