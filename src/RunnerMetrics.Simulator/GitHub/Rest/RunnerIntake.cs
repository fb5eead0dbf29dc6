using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>
/// What simulated runners in other processes tell a simulated GitHub: that they are there, and what their jobs and pipelines do, which it delivers to its webhook. Nothing of it is the real GitHub's.
/// </summary>
internal sealed class RunnerIntake(FakeFleet fleet, FakeHook hook)
{
    /// <summary>Where events are posted to, as webhooks are: <c>X-GitHub-Event</c> names each.</summary>
    public const string Events = "/simulated/events";

    /// <summary>Where a runner says that it is there, and is told its id: <c>PUT /simulated/runners/standard-1?type=standard</c>.</summary>
    public const string Runners = "/simulated/runners";

    /// <summary>Whether a request is one of these.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments("/simulated", StringComparison.Ordinal);

    public async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = StatusCodes.Status202Accepted;
        if (request.Method == HttpMethods.Put && request.Path.StartsWithSegments(Runners, out var name) && name.Value is ['/', .. { Length: > 0 } runner])
        {
            long id;
            lock (fleet.Gate)
            {
                id = fleet.See(runner, request.Query["type"].ToString());
            }

            await response.WriteAsync(id.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
        }
        else if (request.Method == HttpMethods.Post && request.Path == Events)
        {
            using var reader = new StreamReader(request.Body);
            await TakeAsync(request.Headers["X-GitHub-Event"].ToString(), await reader.ReadToEndAsync(context.RequestAborted));
        }
        else
        {
            response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task TakeAsync(string name, string payload)
    {
        if (name == "workflow_job" && JsonNode.Parse(payload) is JsonObject job)
        {
            lock (fleet.Gate)
            {
                fleet.Take(WorkflowJobPayload.Read(job));
            }
        }

        if (hook.Url is not null)
        {
            await hook.DeliverAsync(name, payload);
        }
    }
}
