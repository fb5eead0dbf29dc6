using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>The services' defaults in one call, as in Aspire's template: telemetry, health checks, and resilience of its outgoing HTTP.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds health checks, resilience for clients of <c>IHttpClientFactory</c>, and, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is configured, traces,
    /// metrics and logs by OTLP. The service is named after the application.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="sources">The names of the activity sources and meters whose spans and measurements are the service's own.</param>
    /// <exception cref="InvalidOperationException"><see cref="OtlpEndpoint.Problem"/> says what is wrong.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params string[] sources)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthEndpoints.Live]);
        builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());

        // Probes get the reason, and callers the exception. An unreachable telemetry collector is not worth a line every few seconds.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.None);
        if (OtlpEndpoint.IsGiven(builder.Configuration))
        {
            OtlpTelemetry.Add(builder, sources);
        }

        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> and <c>/alive</c>, which answer 200 as long as the process does, and <c>/ready</c>, which answers 503 with the reasons while
    /// any health check fails; and names the spans of requests. They are there in every environment.
    /// </summary>
    /// <param name="app">The service, before its own middleware.</param>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseRequestSpans();
        app.MapHealth();
        return app;
    }
}
