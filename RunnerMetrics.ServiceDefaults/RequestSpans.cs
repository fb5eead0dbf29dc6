using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>Names the spans of requests, and leaves out those that are not wanted. Costs nothing while no spans are recorded.</summary>
public static class RequestSpans
{
    /// <summary>A request to this endpoint is part of its caller's trace where it has one, and no trace of its own: probes and scrapes would hide all others.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder WithoutOwnTrace<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(NoOwnTrace.Instance);

    /// <summary>
    /// Makes a request that has come so far part of its caller's trace where it has one, and no trace of its own, as <see cref="WithoutOwnTrace"/> does for an endpoint: for calls of which only the message
    /// tells that nobody wants to see them.
    /// </summary>
    /// <param name="context">The request, before anything within it was recorded.</param>
    public static void LeaveOutOwnTrace(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { ParentId: null } span)
        {
            LeaveOut(span);
        }
    }

    internal static void UseRequestSpans(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (Activity.Current is { IsAllDataRequested: true } && context.Features.Get<IHttpActivityFeature>()?.Activity is { } span && context.GetEndpoint() is { } endpoint)
        {
            Describe(span, endpoint, context.Request.Method);
        }

        return next(context);
    });

    private static void Describe(Activity span, Endpoint endpoint, string method)
    {
        if (span.ParentId is null && endpoint.Metadata.GetMetadata<NoOwnTrace>() is not null)
        {
            LeaveOut(span);
        }
        else if (endpoint is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            // As OpenTelemetry's semantic conventions for HTTP servers have it: "GET /metrics".
            span.DisplayName = $"{method} {route}";
            span.SetTag("http.request.method", method).SetTag("http.route", route);
        }
    }

    // Neither it nor what begins within it is recorded.
    private static void LeaveOut(Activity span)
    {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private sealed class NoOwnTrace
    {
        public static NoOwnTrace Instance { get; } = new();
    }
}
