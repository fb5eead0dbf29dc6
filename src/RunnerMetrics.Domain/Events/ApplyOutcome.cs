namespace RunnerMetrics.Domain.Events;

/// <summary>What the state made of an event.</summary>
public enum ApplyOutcome
{
    /// <summary>It is new, and part of the state now.</summary>
    Accepted,

    /// <summary>It, or the end of the job that it tells of, was known already; nothing is counted twice.</summary>
    Duplicate,

    /// <summary>There is no room for it now: it is to be kept, and told again.</summary>
    Deferred,
}
