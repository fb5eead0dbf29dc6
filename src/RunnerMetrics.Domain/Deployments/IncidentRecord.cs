namespace RunnerMetrics.Domain.Deployments;

/// <summary>What is remembered of an incident, from all its events, in any order. The first value of each property counts.</summary>
internal sealed class IncidentRecord
{
    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public bool IsRecoveryMeasured { get; set; }

    /// <summary>The time from its beginning to its end, if both are known and not measured yet.</summary>
    public TimeSpan? RecoveryToMeasure =>
        !IsRecoveryMeasured && ResolvedAt - OpenedAt is { } took ? (took > TimeSpan.Zero ? took : TimeSpan.Zero) : null;

    public void Learn(Incident told)
    {
        OpenedAt ??= told.OpenedAt;
        ResolvedAt ??= told.ResolvedAt;
    }
}
