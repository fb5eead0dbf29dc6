using System.Globalization;
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
            Authorize = tokens is null ? null : call => tokens.Accepts(call.RequestHeaders.Authorization) ? null : new GrpcStatus(
                GrpcStatusCode.Unauthenticated, "the call carries no valid token: send 'authorization: Bearer TOKEN' with a token of the exporter's --token-file"),
        };
        endpoints.MapGrpcUnary(CollectorMethods.ReportEvents, collector.ReportEventsAsync, options).Add(endpoint => CountRefusals(endpoint, metrics));

        // Health tells no secret, and load balancers carry no token.
        endpoints.MapGrpcHealth(service => service is "" or CollectorMethods.Service ? GrpcHealthStatus.Serving : null);
        endpoints.MapGrpcUnimplemented();
    }

    // A broken frame is refused before there is a request, a batch of the wrong size after it: the answer shows both.
    private static void CountRefusals(EndpointBuilder endpoint, CollectorMetrics metrics)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            await answer(context);
            if (int.TryParse(context.Response.Headers["grpc-status"], CultureInfo.InvariantCulture, out var status))
            {
                metrics.CountRefusal((GrpcStatusCode)status);
            }
        };
    }
}
