using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Adoption;

internal static class AdoptionServices
{
    /// <summary>Adds the delivery for stopped agents, if a folder of their spools is configured.</summary>
    public static IServiceCollection AddAdoption(this IServiceCollection services, AgentOptions options) =>
        options is { Once: false, Adopt: not null } ? services.AddHostedService<SpoolAdopter>() : services;
}
