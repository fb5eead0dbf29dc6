using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Events;

/// <summary>GitHub's state of a job of this fleet: it waits, runs, or has ended.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When the job reached the state; never later than <paramref name="ReceivedAt"/>.</param>
/// <param name="ReceivedAt">When the exporter received it, which decides how long a waiting job counts as waiting.</param>
/// <param name="State">The state.</param>
/// <param name="Job">The job, as GitHub describes it in that state.</param>
public sealed record WorkflowJobChanged(string EventId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt, WorkflowJobState State, WorkflowJob Job)
    : FleetEvent(EventId, OccurredAt);
