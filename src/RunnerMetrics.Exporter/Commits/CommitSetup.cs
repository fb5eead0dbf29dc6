using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>Adds what makes events durable and folds them in.</summary>
internal static class CommitSetup
{
    public static void AddCommits(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CommitLoop(
            provider.GetRequiredService<FleetState>(), provider.GetRequiredService<FleetOptions>(), provider.GetRequiredService<MetricRegistry>(), TimeProvider.System,
            provider.GetRequiredService<ILogger<CommitLoop>>()));
        services.AddHostedService<CommitService>();
        services.AddHealthChecks().AddCheck<CommitHealth>("journal");
    }
}
