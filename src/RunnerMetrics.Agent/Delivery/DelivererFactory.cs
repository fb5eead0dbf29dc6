using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Makes what delivers from a spool.</summary>
internal sealed class DelivererFactory(IEventSender sender, DeliveryOptions options, TimeProvider time, ILogger logger)
{
    public Deliverer Of(EventSpool spool) => new(spool, sender, new DeadLetterFile(spool.Storage, time, logger), options, time, logger);
}
