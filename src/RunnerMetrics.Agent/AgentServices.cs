using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Adoption;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Reading;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Agent.Telemetry;

namespace RunnerMetrics.Agent;

internal static class AgentServices
{
    /// <summary>Adds an agent.</summary>
    public static IServiceCollection AddAgent(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => provider.GetRequiredService<ILoggerFactory>().CreateLogger(AgentTelemetry.SourceName));

        // The services limit their own shutdown time.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);

        // They stop in the opposite order: reading first, and delivery last.
        return services.AddSpool(options).AddDelivery(options).AddAdoption(options).AddReading(options);
    }
}
