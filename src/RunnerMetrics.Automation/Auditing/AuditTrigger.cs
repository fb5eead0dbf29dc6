namespace RunnerMetrics.Automation.Auditing;

/// <summary>What started an audit.</summary>
public enum AuditTrigger
{
    /// <summary>The schedule.</summary>
    Schedule,

    /// <summary>A request.</summary>
    Demand,
}
