namespace RunnerMetrics.Domain.Events;

/// <summary>The outcome of an event.</summary>
public enum ApplyOutcome
{
    /// <summary>It was new, and was applied.</summary>
    Accepted,

    /// <summary>It, or the end of its job, was already known; nothing is counted twice.</summary>
    Duplicate,

    /// <summary>There is no room for it now: the sender must keep it and send it again.</summary>
    Deferred,
}
