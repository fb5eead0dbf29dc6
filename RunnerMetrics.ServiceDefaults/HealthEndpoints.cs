using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>The endpoints that show whether a service is alive, and whether it is ready.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of checks that fail only if the process must be restarted.</summary>
    public const string Live = "live";

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        foreach (var path in (ReadOnlySpan<string>)["/health", "/alive"])
        {
            Map(endpoints, path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live), ResponseWriter = (context, report) => WriteAsync(context, report, "OK") });
        }

        Map(endpoints, "/ready", new HealthCheckOptions { ResponseWriter = (context, report) => WriteAsync(context, report, "ready") });
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, HealthCheckOptions options) =>
        endpoints.MapHealthChecks(path, options).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).WithoutOwnTrace();

    private static Task WriteAsync(HttpContext context, HealthReport report, string healthy)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var reasons = string.Join("; ", report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description ?? entry.Exception?.Message));
        return context.Response.WriteAsync(report.Status == HealthStatus.Healthy ? $"{healthy}\n" : $"not {healthy}: {reasons}\n", context.RequestAborted);
    }
}
