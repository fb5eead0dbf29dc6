namespace RunnerMetrics.Exporter.Watch;

/// <summary>Adds what judges silence.</summary>
internal static class WatchSetup
{
    public static void AddWatch(this IServiceCollection services) => services.AddHostedService<FleetWatchService>();
}
