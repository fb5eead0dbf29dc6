using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>Adds the fleet's metrics by OTLP, where they are asked for.</summary>
internal static class FleetMetricsSetup
{
    /// <summary>Adds what sends them.</summary>
    /// <exception cref="InvalidOperationException"><see cref="FleetMetricsOptions.ProblemOf"/> says what is wrong.</exception>
    public static void AddFleetMetrics(this IServiceCollection services, ExporterOptions options, IConfiguration configuration)
    {
        if (options.SendsFleetMetrics)
        {
            services.AddSingleton(FleetMetricsOptions.Read(name => configuration[name]));
            services.AddHostedService<FleetMetricsService>();
        }
    }
}
