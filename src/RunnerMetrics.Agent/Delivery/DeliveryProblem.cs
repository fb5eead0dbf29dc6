namespace RunnerMetrics.Agent.Delivery;

/// <summary>Why a batch was not accepted, as far as it determines the next attempt.</summary>
internal enum DeliveryProblem
{
    /// <summary>The collector is unreachable or overloaded, probably temporarily.</summary>
    Unavailable,

    /// <summary>The collector does not know the token: somebody must fix that.</summary>
    Unauthenticated,

    /// <summary>The collector refuses the batch as such: a newer collector or agent may fix that.</summary>
    Refused,
}
