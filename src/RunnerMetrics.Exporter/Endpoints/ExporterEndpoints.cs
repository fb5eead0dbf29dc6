using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Forgetting;
using RunnerMetrics.Exporter.Scraping;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Web;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary>Maps everything that the exporter answers.</summary>
internal static class ExporterEndpoints
{
    public static void MapExporter(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapReading("/metrics", services.GetRequiredService<MetricsEndpoint>().ServeAsync).WithoutOwnTrace();
        services.GetService<RuntimeMetrics>()?.Map(endpoints);
        endpoints.MapReading("/", services.GetRequiredService<StatusPage>().ServeAsync);
        endpoints.MapWebhooks();
        endpoints.MapCollector();
        endpoints.MapForgetting();
    }
}
