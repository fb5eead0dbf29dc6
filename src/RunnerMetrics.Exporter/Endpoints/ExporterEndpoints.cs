using RunnerMetrics.Exporter.Collector;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary>Maps everything that the exporter answers.</summary>
internal static class ExporterEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapExporter(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapMethods("/metrics", Reading, services.GetRequiredService<MetricsEndpoint>().ServeAsync);
        endpoints.MapMethods("/health", Reading, context => SayAsync(context, "OK\n"));
        endpoints.MapMethods("/ready", Reading, context => SayAsync(context, "ready\n"));
        endpoints.MapMethods("/", Reading, services.GetRequiredService<StatusPage>().ServeAsync);
        endpoints.MapCollector();
    }

    private static Task SayAsync(HttpContext context, string word)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(word, context.RequestAborted);
    }
}
