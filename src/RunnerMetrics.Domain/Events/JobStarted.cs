using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>A runner began a job.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When the listener said so.</param>
/// <param name="Runner">The runner, with the life that runs the job.</param>
/// <param name="Job">The job.</param>
public sealed record JobStarted(string EventId, DateTimeOffset OccurredAt, RunnerIdentity Runner, JobIdentity Job)
    : FleetEvent(EventId, OccurredAt);
