using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Webhooks;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary>Maps everything that the exporter answers.</summary>
internal static class ExporterEndpoints
{
    public static void MapExporter(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapReading("/metrics", services.GetRequiredService<MetricsEndpoint>().ServeAsync);
        endpoints.MapReading("/health", context => SayAsync(context, "OK\n"));
        endpoints.MapReading("/ready", context => SayReadyAsync(context, services.GetRequiredService<CommitLoop>()));
        endpoints.MapReading("/", services.GetRequiredService<StatusPage>().ServeAsync);
        endpoints.MapWebhooks();
        endpoints.MapCollector();
    }

    // Routing would answer other methods with 404, because the answer to unknown gRPC methods matches every path.
    private static void MapReading(this IEndpointRouteBuilder endpoints, string path, RequestDelegate answer) =>
        endpoints.Map(path, context =>
        {
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                return answer(context);
            }

            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        });

    private static Task SayReadyAsync(HttpContext context, CommitLoop commits)
    {
        var problem = commits.IsRunning ? commits.Problem : "starting or stopping";
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return SayAsync(context, problem is null ? "ready\n" : $"not ready: {problem}\n");
    }

    private static Task SayAsync(HttpContext context, string word)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(word, context.RequestAborted);
    }
}
