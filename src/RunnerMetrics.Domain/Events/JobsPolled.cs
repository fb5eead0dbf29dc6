namespace RunnerMetrics.Domain.Events;

/// <summary>
/// Everything that GitHub's API tells of a scope's jobs was looked at. The first one is the mark from which on jobs are counted that the API tells of: what ended before is no counter's business.
/// </summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">Up to when, by GitHub's clock.</param>
/// <param name="Scope">Whose jobs: <c>github.com/acme</c>.</param>
public sealed record JobsPolled(string EventId, DateTimeOffset OccurredAt, string Scope) : FleetEvent(EventId, OccurredAt);
