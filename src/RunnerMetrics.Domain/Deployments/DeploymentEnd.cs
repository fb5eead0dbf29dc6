namespace RunnerMetrics.Domain.Deployments;

/// <summary>An ended deployment, in its position among those of its repository and environment.</summary>
internal sealed class DeploymentEnd(UInt128 key, DateTimeOffset at, bool succeeded)
{
    public UInt128 Key { get; } = key;

    public DateTimeOffset At { get; } = at;

    public bool Succeeded { get; } = succeeded;

    /// <summary>Whether it was made to fix an earlier one.</summary>
    public bool IsRework { get; set; }

    /// <summary>Whether an incident was traced to it.</summary>
    public bool HasIncident { get; set; }

    /// <summary>Whether its recovery was measured.</summary>
    public bool IsRecoveryMeasured { get; set; }
}
