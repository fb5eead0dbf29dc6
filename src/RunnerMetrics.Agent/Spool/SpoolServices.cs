using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

internal static class SpoolServices
{
    /// <summary>Adds the agent's own spool.</summary>
    public static IServiceCollection AddSpool(this IServiceCollection services, AgentOptions options)
    {
        services.TryAddSingleton<IStorageFolder>(_ => DiskFolder.Open(options.Spool, "agent", "--spool"));
        services.AddSingleton(new SpoolOptions { MaxBytes = options.SpoolMaxBytes, MaxAge = options.SpoolMaxAge });
        return services.AddSingleton<SpoolInUse>();
    }
}
