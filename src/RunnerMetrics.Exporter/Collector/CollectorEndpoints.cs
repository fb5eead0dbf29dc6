using System.Globalization;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Maps the collector and the health service.</summary>
internal static class CollectorEndpoints
{
    /// <summary>A call that carries it only asks whether its token is taken; the agent's doctor sends it.</summary>
    private const string Probe = "runner-metrics-probe";

    public static void MapCollector(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var metrics = services.GetRequiredService<CollectorMetrics>();
        var tokens = services.GetService<BearerTokens>();
        endpoints.MapCollectorHosting(tokens is null ? null : call => tokens.Accepts(call.RequestHeaders.Authorization) ? null : new GrpcStatus(
                GrpcStatusCode.Unauthenticated, "the call carries no valid token: send 'authorization: Bearer TOKEN' with a token of the exporter's --token-file"))
            .Add(endpoint => CountRefusals(endpoint, metrics, services.GetRequiredService<CommitLoop>()));

        // Health tells no secret, and load balancers carry no token.
        endpoints.MapGrpcHealth(service => service is "" or CollectorMethods.Service ? GrpcHealthStatus.Serving : null);
        endpoints.MapGrpcUnimplemented();
    }

    // A broken frame is refused before there is a request, a batch of the wrong size after it: the answer shows both.
    // A full disk is refused with the status of a message that is too large, and is no fault of the sender's.
    private static void CountRefusals(EndpointBuilder endpoint, CollectorMetrics metrics, CommitLoop commits)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            await answer(context);
            var isRefused = int.TryParse(context.Response.Headers["grpc-status"], CultureInfo.InvariantCulture, out var status);
            var isNoFault = (GrpcStatusCode)status switch
            {
                GrpcStatusCode.InvalidArgument => context.Request.Headers.ContainsKey(Probe),
                GrpcStatusCode.ResourceExhausted => commits.Problem is not null,
                _ => false,
            };
            if (isRefused && !isNoFault)
            {
                metrics.CountRefusal((GrpcStatusCode)status);
            }
        };
    }
}
