using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RunnerMetrics.Scraping;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>The addresses that tell whether a service lives, and whether it can do its work. They are there in every environment.</summary>
public static class HealthEndpoints
{
    /// <summary>Maps <c>/health</c> and <c>/alive</c>, which say 200 as long as the process answers, and <c>/ready</c>, which says 503 and why while it has a problem.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="problem">Asked at each request: why the service cannot do its work now, or null where it can.</param>
    public static void MapServiceHealth(this IEndpointRouteBuilder endpoints, Func<string?> problem)
    {
        endpoints.MapReading("/health", context => context.SayAsync("OK\n"));
        endpoints.MapReading("/alive", context => context.SayAsync("OK\n"));
        endpoints.MapReading("/ready", context =>
        {
            var reason = problem();
            context.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.SayAsync(reason is null ? "ready\n" : $"not ready: {reason}\n");
        });
    }
}
