namespace RunnerMetrics.Domain.Events;

/// <summary>The outcome of an event.</summary>
public enum ApplyOutcome
{
    /// <summary>It is new, and part of the state now.</summary>
    Accepted,

    /// <summary>It, or the end of its job, was already known; nothing is counted twice.</summary>
    Duplicate,

    /// <summary>There is no room for it now: it must be kept, and told again.</summary>
    Deferred,
}
