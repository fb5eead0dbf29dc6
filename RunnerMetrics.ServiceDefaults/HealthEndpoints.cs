using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>The addresses that tell whether a service lives, and whether it can do its work. They are there in every environment.</summary>
public static class HealthEndpoints
{
    /// <summary>Maps <c>/health</c> and <c>/alive</c>, which say 200 as long as the process answers, and <c>/ready</c>, which says 503 and why while it has a problem.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="problem">Asked at each request: why the service cannot do its work now, or null where it can.</param>
    public static void MapServiceHealth(this IEndpointRouteBuilder endpoints, Func<string?> problem)
    {
        endpoints.MapReading("/health", context => SayAsync(context, "OK\n"));
        endpoints.MapReading("/alive", context => SayAsync(context, "OK\n"));
        endpoints.MapReading("/ready", context =>
        {
            var reason = problem();
            context.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return SayAsync(context, reason is null ? "ready\n" : $"not ready: {reason}\n");
        });
    }

    /// <summary>Maps an address that is read with GET and HEAD; other methods are answered 405, whatever else the service maps.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="path">The address.</param>
    /// <param name="answer">Writes the answer; of HEAD, only its headers.</param>
    public static IEndpointConventionBuilder MapReading(this IEndpointRouteBuilder endpoints, string path, RequestDelegate answer) =>
        endpoints.Map(path, context =>
        {
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                return answer(context);
            }

            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        });

    private static Task SayAsync(HttpContext context, string word)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(word, context.RequestAborted);
    }
}
