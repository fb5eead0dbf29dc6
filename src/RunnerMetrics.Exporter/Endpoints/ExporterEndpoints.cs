using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Scraping;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary>Maps everything that the exporter answers.</summary>
internal static class ExporterEndpoints
{
    public static void MapExporter(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapReading("/metrics", services.GetRequiredService<MetricsEndpoint>().ServeAsync);
        endpoints.MapReading("/health", context => context.SayAsync("OK\n"));
        endpoints.MapReading("/ready", context => SayReadyAsync(context, services.GetRequiredService<CommitLoop>()));
        endpoints.MapReading("/", services.GetRequiredService<StatusPage>().ServeAsync);
        endpoints.MapWebhooks();
        endpoints.MapCollector();
    }

    private static Task SayReadyAsync(HttpContext context, CommitLoop commits)
    {
        var problem = commits.IsRunning ? commits.Problem : "starting or stopping";
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.SayAsync(problem is null ? "ready\n" : $"not ready: {problem}\n");
    }
}
