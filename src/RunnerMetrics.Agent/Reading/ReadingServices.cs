using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Reading;

internal static class ReadingServices
{
    /// <summary>Adds what reads the runner's files: for as long as the agent runs, or once.</summary>
    public static IServiceCollection AddReading(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton<RunnerReaderFactory>();
        return options.Once ? services.AddSingleton<OnceRun>() : services.AddHostedService<ReadingService>();
    }
}
