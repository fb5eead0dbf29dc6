namespace RunnerMetrics.Automation.Auditing;

/// <summary>What started an audit.</summary>
public enum AuditTrigger
{
    /// <summary>Its time came.</summary>
    Schedule,

    /// <summary>Somebody asked for it.</summary>
    Demand,
}
