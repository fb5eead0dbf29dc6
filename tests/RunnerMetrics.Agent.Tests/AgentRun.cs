using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Tests;

/// <summary>Runs a whole agent on a test's own clock, with a test's own services in the place of the product's.</summary>
internal static class AgentRun
{
    public static Task<int> StartAsync(AgentOptions options, ILogger log, TimeProvider time, Action<IServiceCollection> configure, CancellationToken stop) =>
        Task.Run(
            () => AgentApplication.RunAsync(
                options,
                services =>
                {
                    services.AddSingleton(log).AddSingleton(time);
                    configure(services);
                },
                stop),
            CancellationToken.None);
}
