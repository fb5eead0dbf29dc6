using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Serving;

/// <summary>Lets an ASP.NET Core application be scraped.</summary>
public static class PrometheusEndpoints
{
    /// <summary>Serves a registry: as text 0.0.4 or OpenMetrics 1.0.0, plain or gzip, as the client prefers.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path.</param>
    /// <param name="registry">What is served; the application's own service of this type if none is given.</param>
    /// <returns>The endpoint, to ask for authorisation or a host, for example.</returns>
    public static IEndpointConventionBuilder MapPrometheusMetrics(this IEndpointRouteBuilder endpoints, string path = "/metrics", MetricRegistry? registry = null)
    {
        var served = registry ?? endpoints.ServiceProvider.GetRequiredService<MetricRegistry>();
        return endpoints.MapReading(path, async context => await context.SendMetricsAsync(served));
    }
}
