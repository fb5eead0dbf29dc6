using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Events;

/// <summary>What GitHub says of a job of this fleet: it waits, it runs, or it ended.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When the job came into the state; never later than <paramref name="ReceivedAt"/>.</param>
/// <param name="ReceivedAt">When the exporter heard of it, which decides for how long a waiting job is believed to wait.</param>
/// <param name="State">The state.</param>
/// <param name="Job">The job, as GitHub describes it in that state.</param>
public sealed record WorkflowJobChanged(string EventId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt, WorkflowJobState State, WorkflowJob Job)
    : FleetEvent(EventId, OccurredAt);
