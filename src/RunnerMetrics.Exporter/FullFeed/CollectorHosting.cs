using Microsoft.AspNetCore.Http.Features;
using RunnerMetrics.Exporter.FullFeed;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Hosts the collector's one method on Grpc.AspNetCore.</summary>
internal static class CollectorHosting
{
    public static void AddCollectorHosting(this IServiceCollection services)
    {
        services.AddSingleton<CollectorAuthorization>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = 4 * 1024 * 1024;
            // Ours answers them, and the health service's.
            options.IgnoreUnknownServices = true;
        });
        services.AddRuntimeMetrics();
    }

    public static IEndpointConventionBuilder MapCollectorHosting(this IEndpointRouteBuilder endpoints, Func<GrpcCallContext, GrpcStatus?>? authorize)
    {
        endpoints.ServiceProvider.GetRequiredService<CollectorAuthorization>().Refuse = authorize;
        endpoints.MapRuntimeMetrics();
        var service = endpoints.MapGrpcService<GrpcJobEventCollector>();
        service.Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                // The message's own limit rules, not the one for requests of people.
                if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                {
                    size.MaxRequestBodySize = null;
                }

                return answer(context);
            };
        });
        return service;
    }
}
