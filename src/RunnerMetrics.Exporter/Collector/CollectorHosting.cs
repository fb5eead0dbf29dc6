using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Hosts the collector's one method on our own gRPC. FullFeed/CollectorHosting.cs is what stands in its place with <c>FullFeed=true</c>.</summary>
internal static class CollectorHosting
{
    /// <summary>Adds what the hosting needs.</summary>
    public static void AddCollectorHosting(this IServiceCollection _)
    {
    }

    /// <summary>Maps <c>ReportEvents</c>.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="authorize">Refuses a call; null: every call is let in.</param>
    public static IEndpointConventionBuilder MapCollectorHosting(this IEndpointRouteBuilder endpoints, Func<GrpcCallContext, GrpcStatus?>? authorize) =>
        endpoints.MapGrpcUnary(
            CollectorMethods.ReportEvents, endpoints.ServiceProvider.GetRequiredService<CollectorService>().ReportEventsAsync, new GrpcServerOptions { Authorize = authorize });
}
