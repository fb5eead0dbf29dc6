using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>Names the spans of requests, which ASP.NET Core leaves to instrumentation libraries.</summary>
public static class RequestSpans
{
    /// <summary>
    /// Calls a request's span by its method and route, such as <c>GET /metrics</c> (OpenTelemetry semantic conventions, HTTP server spans). Costs nothing
    /// while nobody records spans.
    /// </summary>
    /// <param name="application">The service, before its endpoints.</param>
    public static IApplicationBuilder UseRequestSpanNames(this IApplicationBuilder application) => application.Use(next => context =>
    {
        if (Activity.Current is { IsAllDataRequested: true } && context.Features.Get<IHttpActivityFeature>()?.Activity is { } span
            && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route);
        }

        return next(context);
    });
}
