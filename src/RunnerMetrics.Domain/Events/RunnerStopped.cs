using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>A runner's listener ended by itself.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Runner">The runner, with the life that ended.</param>
/// <param name="Reason">The sender's reason.</param>
public sealed record RunnerStopped(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, string Reason)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>
    /// Whether GitHub refuses the runner's version, in the runner's own words: <c>An error occured: Runner version v2.330.0 is deprecated and cannot receive messages.</c>
    /// </summary>
    public bool IsRefusedVersion => Reason.Contains("is deprecated and cannot receive messages", StringComparison.Ordinal);
}
