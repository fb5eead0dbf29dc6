namespace RunnerMetrics.Domain.Deployments;

/// <summary>How far a deployment's own run is.</summary>
public enum DeploymentState
{
    /// <summary>It is to begin.</summary>
    Pending = 1,

    /// <summary>It runs.</summary>
    InProgress = 2,

    /// <summary>It ended well.</summary>
    Success = 3,

    /// <summary>It ended, and not well.</summary>
    Failure = 4,
}
