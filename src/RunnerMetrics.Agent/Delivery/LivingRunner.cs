using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>A runner whose listener was just seen to live.</summary>
/// <param name="InstanceId">Of the listener's life.</param>
/// <param name="Heartbeat">What a heartbeat says of it.</param>
/// <param name="SeenAt">When, as a timestamp of the clock's.</param>
internal sealed record LivingRunner(string InstanceId, Event Heartbeat, long SeenAt);
