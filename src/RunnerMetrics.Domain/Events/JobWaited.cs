using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>How long a job waited for its runner, which only GitHub knows.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When the runner picked the job up.</param>
/// <param name="Runner">The runner that picked it up.</param>
/// <param name="Job">The job.</param>
/// <param name="Wait">How long it waited; never negative.</param>
public sealed record JobWaited(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, JobIdentity Job, TimeSpan Wait)
    : FleetEvent(EventId, OccurredAt);
