using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.Hosting.Scraping;

namespace RunnerMetrics.AutomationWorker.Endpoints;

/// <summary>What the worker answers beside <c>/metrics</c>.</summary>
internal static class WorkerEndpoints
{
    /// <summary>How long one component's check may take.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    public static void MapWorker(this IEndpointRouteBuilder endpoints, IReadOnlyList<ComponentCheck> checks, AuditAgent? audit, TimeProvider time)
    {
        endpoints.MapReading("/health", context => context.WriteTextAsync("OK\n"));
        endpoints.MapReading("/ready", context => WriteReadyAsync(context, checks, time));
        if (audit is not null)
        {
            endpoints.MapPost("/audit", context => AuditAsync(context, audit));
        }
    }

    private static async Task WriteReadyAsync(HttpContext context, IReadOnlyList<ComponentCheck> checks, TimeProvider time)
    {
        var problems = await Task.WhenAll(checks.Select(check => check.RunAsync(CheckLimit, time, context.RequestAborted)));
        context.Response.StatusCode = problems.All(problem => problem is null) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.WriteTextAsync(string.Concat(checks.Zip(problems, (check, problem) => $"{check.Name}: {problem ?? "ok"}\n")));
    }

    // It costs work and takes no credential: so only this machine may ask for it.
    private static async Task AuditAsync(HttpContext context, AuditAgent audit)
    {
        if (context.Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.WriteTextAsync("An audit can be requested from this machine only.\n");
            return;
        }

        var found = await audit.AuditAsync(AuditTrigger.Demand, context.RequestAborted);
        await context.WriteTextAsync(found.ToString());
    }
}
