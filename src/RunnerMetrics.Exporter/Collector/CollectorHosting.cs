using Grpc.AspNetCore.Server;
using Grpc.Health.V1;
using Grpc.Reflection;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Adds what the collector's port serves: the collector, gRPC's health service and, if configured, its reflection.</summary>
internal static class CollectorHosting
{
    /// <summary>The longest request in bytes, as sent and as inflated.</summary>
    private const int LongestRequest = 4 * 1024 * 1024;

    public static void AddCollector(this IServiceCollection services, ExporterOptions options)
    {
        services.AddSingleton<CollectorMetrics>();
        services.AddSingleton<RunnerConflicts>();
        services.AddSingleton<CollectorService>();
        if (options.TokenFile is { } path)
        {
            services.AddSingleton(provider => new BearerTokens(
                path, options.TokenLimits, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BearerTokens>>()));
        }

        services.AddGrpc(Configure);
        services.AddGrpcHealthChecks(health => health.Services.Map(JobEventCollector.Descriptor.FullName, _ => true));
        if (options.GrpcReflection)
        {
            // Named here: the package that finds them by itself (Grpc.AspNetCore.Server.Reflection) looks for members that trimming may have taken away.
            services.AddSingleton(new ReflectionV1ServiceImpl(JobEventCollector.Descriptor, Health.Descriptor));
        }
    }

    private static void Configure(GrpcServiceOptions grpc)
    {
        grpc.MaxReceiveMessageSize = LongestRequest;
        grpc.CompressionProviders = [new WholeGzip()];
        grpc.ResponseCompressionAlgorithm = WholeGzip.Name;
    }
}
