using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>Cache hits and misses since the last report.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was reported.</param>
/// <param name="Runner">The runner whose job used the cache.</param>
/// <param name="CacheType"><c>[a-z0-9-]{1,32}</c>.</param>
/// <param name="Hits">Requests that were served.</param>
/// <param name="Misses">Requests that were not.</param>
public sealed record CacheReported(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, string CacheType, ulong Hits, ulong Misses)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>Lines of the tool's output that its parser could not read, and that may hide requests.</summary>
    public ulong UnknownLines { get; init; }
}
