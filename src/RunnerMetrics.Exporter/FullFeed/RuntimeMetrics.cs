using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RunnerMetrics.Exporter.FullFeed;

/// <summary>
/// The service's own instruments, of ASP.NET Core, Kestrel and the runtime, at <c>/metrics/runtime</c>. What <c>/metrics</c> serves does not come from there: it survives a restart.
/// </summary>
internal static class RuntimeMetrics
{
    public static void AddRuntimeMetrics(this IServiceCollection services) => services.AddSingleton<MeterProvider>(
        _ => Sdk.CreateMeterProviderBuilder()
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "RunnerMetrics.*")
            .AddPrometheusExporter()
            .Build());

    public static void MapRuntimeMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint(
        path: "/metrics/runtime", meterProvider: endpoints.ServiceProvider.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
}
