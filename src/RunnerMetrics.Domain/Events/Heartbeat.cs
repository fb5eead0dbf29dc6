using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Events;

/// <summary>A heartbeat. It is made durable only if it tells something new, as <see cref="RunnerSeen"/>: the next one is seconds away.</summary>
/// <param name="Runner">The runner, with the life that sends it.</param>
/// <param name="State">What its listener does.</param>
/// <param name="StartedAt">When its listener started, if known.</param>
/// <param name="OccurredAt">The sender's time.</param>
/// <param name="ReceivedAt">The exporter's time, which alone decides on liveness.</param>
/// <param name="EventsLost">How many events its sender had to drop in total.</param>
public sealed record Heartbeat(
    RunnerIdentity Runner,
    RunnerState State,
    DateTimeOffset? StartedAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt,
    ulong EventsLost);
