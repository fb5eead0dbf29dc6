namespace RunnerMetrics.Domain.Deployments;

/// <summary>The state of a deployment's own run.</summary>
public enum DeploymentState
{
    /// <summary>It is pending.</summary>
    Pending = 1,

    /// <summary>It is in progress.</summary>
    InProgress = 2,

    /// <summary>It succeeded.</summary>
    Success = 3,

    /// <summary>It failed.</summary>
    Failure = 4,
}
