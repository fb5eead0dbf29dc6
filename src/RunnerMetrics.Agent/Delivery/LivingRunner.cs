using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>A runner whose listener was just seen alive.</summary>
/// <param name="InstanceId">Of the listener's life.</param>
/// <param name="Heartbeat">Its heartbeat.</param>
/// <param name="SeenAt">When, as a timestamp of the clock's.</param>
internal sealed record LivingRunner(string InstanceId, Event Heartbeat, long SeenAt);
