using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Adoption;

internal static class AdoptionServices
{
    /// <summary>Adds what delivers for agents that are gone, where there is a folder of their spools.</summary>
    public static IServiceCollection AddAdoption(this IServiceCollection services, AgentOptions options) =>
        options is { Once: false, Adopt: not null } ? services.AddHostedService<SpoolAdopter>() : services;
}
