using RunnerMetrics.Domain;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Scraping;

/// <summary>Adds and maps what Prometheus scrapes.</summary>
internal static class ScrapingSetup
{
    public static void AddScraping(this IServiceCollection services, ExporterOptions options)
    {
        services.AddSingleton(_ => new MetricRegistry { Order = MetricCatalog.All });
        services.AddSingleton<MetricsEndpoint>();
        if (options.ServesRuntimeMetrics)
        {
            services.AddSingleton<RuntimeMetrics>();
        }
    }

    public static void MapScraping(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var (registry, fleet, time) = (services.GetRequiredService<MetricRegistry>(), services.GetRequiredService<FleetState>(), services.GetRequiredService<TimeProvider>());
        registry.AddCollector(() => fleet.ShowTime(time.GetUtcNow()));
        using (registry.Gate.Enter())
        {
            registry.Add(MetricCatalog.BuildInfo).AddGauge(Labels.Of(("version", BuildVersion.Text), ("runtime", Environment.Version.ToString()))).Set(1);
        }

        ProcessMetrics.AddTo(registry);
        endpoints.MapReading("/metrics", services.GetRequiredService<MetricsEndpoint>().ServeAsync).WithMetadata(Reading.Metrics).WithoutOwnTrace();
        services.GetService<RuntimeMetrics>()?.Map(endpoints).WithMetadata(Reading.Metrics);
    }
}
