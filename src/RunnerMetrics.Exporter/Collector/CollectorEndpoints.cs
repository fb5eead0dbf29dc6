using Grpc.AspNetCore.Server;
using Grpc.Reflection;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Maps the collector and the services beside it.</summary>
internal static class CollectorEndpoints
{
    public static void MapCollector(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var call = new CollectorCall(
            services.GetRequiredService<CollectorMetrics>(), services.GetRequiredService<CommitLoop>(), services.GetService<BearerTokens>());
        endpoints.MapGrpcService<CollectorService>().WithMetadata(PortRole.Grpc).Add(endpoint =>
        {
            // Not what answers calls of methods that the service does not have.
            if (endpoint.Metadata.OfType<GrpcMethodMetadata>().Any())
            {
                var answer = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context => call.AnswerAsync(context, answer);
            }
        });

        // Health tells no secret, and load balancers carry no token.
        endpoints.MapGrpcHealthChecksService().WithMetadata(PortRole.Grpc).WithoutOwnTrace();
        if (services.GetRequiredService<ExporterOptions>().GrpcReflection)
        {
            endpoints.MapGrpcService<ReflectionV1ServiceImpl>().WithMetadata(PortRole.Grpc);
        }
    }
}
