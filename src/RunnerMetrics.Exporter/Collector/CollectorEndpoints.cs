using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Maps the collector and the health service.</summary>
internal static class CollectorEndpoints
{
    public static void MapCollector(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var collector = services.GetRequiredService<CollectorService>();
        var metrics = services.GetRequiredService<CollectorMetrics>();
        var tokens = services.GetService<BearerTokens>();
        var options = new GrpcServerOptions
        {
            Authorize = tokens is null ? null : call =>
            {
                if (tokens.Accepts(call.RequestHeaders.Authorization))
                {
                    return null;
                }

                metrics.RefuseUnauthenticated();
                return new GrpcStatus(
                    GrpcStatusCode.Unauthenticated, "the call carries no valid token: send 'authorization: Bearer TOKEN' with a token of the exporter's --token-file");
            },
        };
        endpoints.MapGrpcUnary(CollectorMethods.ReportEvents, collector.ReportEventsAsync, options);

        // Health tells no secret, and load balancers carry no token.
        endpoints.MapGrpcHealth(service => service is "" or CollectorMethods.Service ? GrpcHealthStatus.Serving : null);
        endpoints.MapGrpcUnimplemented();
    }
}
