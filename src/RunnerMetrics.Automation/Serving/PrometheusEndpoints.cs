using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Serving;

/// <summary>Lets an ASP.NET Core application be scraped, by OpenTelemetry's exporter.</summary>
public static class PrometheusEndpoints
{
    /// <summary>Adds the library's instruments to the application's OpenTelemetry metrics, and what renders them for Prometheus.</summary>
    /// <param name="services">The application's; collectors take its <see cref="IMeterFactory"/>.</param>
    public static IServiceCollection AddAutomationMetrics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.AddAutomationMeter(provider.GetRequiredService<IMeterFactory>()));
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter(exporter =>
            (exporter.ScopeInfoEnabled, exporter.TargetInfoEnabled, exporter.ScrapeResponseCacheDurationMilliseconds) = (false, false, 0)));
        return services;
    }

    /// <summary>Serves the application's metrics, as text 0.0.4 or OpenMetrics 1.0.0. It listens from now on: make collectors after it.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path.</param>
    /// <returns>The endpoint, to ask for authorisation or a host, for example.</returns>
    public static IEndpointConventionBuilder MapPrometheusMetrics(this IEndpointRouteBuilder endpoints, string path = "/metrics") =>
        endpoints.MapPrometheusScrapingEndpoint(path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
}
