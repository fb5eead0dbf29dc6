using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Delivery;

internal static class DeliveryServices
{
    /// <summary>Adds what reports to the collector. Services stop in the opposite order: delivery last, with what reading read last.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services, AgentOptions options)
    {
        services.TryAddSingleton(new DeliveryOptions());
        services.TryAddSingleton<IEventSender>(provider => new GrpcEventSender(options.Collector, options.TokenFile, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DelivererFactory>();
        if (options.Once)
        {
            return services;
        }

        // Only the latest state is worth a heartbeat.
        var living = Channel.CreateBounded<LivingRunner>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        return services.AddSingleton(living.Reader).AddSingleton(living.Writer).AddHostedService<DeliveryService>().AddHostedService<HeartbeatService>();
    }
}
