using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>A runner's listener ended of its own accord.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Runner">The runner, in the life that ended.</param>
/// <param name="Reason">In the sender's words.</param>
public sealed record RunnerStopped(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, string Reason)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>
    /// Whether GitHub refuses the runner's version, in the runner's own words: <c>An error occured: Runner version v2.330.0 is deprecated and cannot receive messages.</c>
    /// </summary>
    public bool IsRefusedVersion => Reason.Contains("is deprecated and cannot receive messages", StringComparison.Ordinal);
}
