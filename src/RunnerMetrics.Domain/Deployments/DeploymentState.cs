namespace RunnerMetrics.Domain.Deployments;

/// <summary>How far a deployment's own run is.</summary>
public enum DeploymentState
{
    /// <summary>It is pending.</summary>
    Pending = 1,

    /// <summary>It runs.</summary>
    InProgress = 2,

    /// <summary>It succeeded.</summary>
    Success = 3,

    /// <summary>It failed.</summary>
    Failure = 4,
}
