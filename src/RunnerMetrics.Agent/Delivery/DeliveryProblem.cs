namespace RunnerMetrics.Agent.Delivery;

/// <summary>Why a batch was not taken, as far as it decides when to try again.</summary>
internal enum DeliveryProblem
{
    /// <summary>The collector is away or overloaded: soon it may not be.</summary>
    Unavailable,

    /// <summary>The collector does not know the token: somebody has to mend that.</summary>
    Unauthenticated,

    /// <summary>The collector refuses the batch as such: a newer collector or agent may mend that.</summary>
    Refused,
}
