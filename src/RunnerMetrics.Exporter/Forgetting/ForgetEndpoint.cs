using System.Net;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Forgetting;

/// <summary>
/// <c>DELETE /api/v1/runners?name=N&amp;type=T&amp;scope=S</c>, for the program's own command. It is accepted only from this machine, with an agents' token if there are tokens, and never from a
/// browser, because any web page could send it.
/// </summary>
internal sealed class ForgetEndpoint(RunnerForgetter forgetter, BearerTokens? tokens = null)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/v1/runners";

    public async Task ServeAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(answer.Text + "\n", context.RequestAborted);
    }

    private async Task<ForgetAnswer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsDelete(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD, DELETE";
            return new ForgetAnswer(StatusCodes.Status405MethodNotAllowed, "Runners are listed with GET and forgotten with DELETE.");
        }

        if (!IsFromHere(context))
        {
            return new ForgetAnswer(StatusCodes.Status403Forbidden, "Runners are forgotten from the exporter's own machine only, by 'runner-metrics-exporter forget'.");
        }

        var holder = tokens?.Find(request.Headers.Authorization);
        if (tokens is not null && holder is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new ForgetAnswer(StatusCodes.Status401Unauthorized, "The request has no valid token: give the exporter's own --token-file.");
        }

        if (request.Query["name"].ToString() is not { Length: > 0 } name)
        {
            return new ForgetAnswer(StatusCodes.Status400BadRequest, "The runner is missing: give name=…, and type=… and scope=… if several have that name.");
        }

        try
        {
            return await forgetter.ForgetAsync(new RunnerQuery(name, request.Query["type"].FirstOrDefault(), request.Query["scope"].FirstOrDefault()), holder?.Grant);
        }
        catch (StoreUnavailableException e)
        {
            return new ForgetAnswer(StatusCodes.Status503ServiceUnavailable, $"Nothing was forgotten, try again later: {e.Message}.");
        }
    }

    // What a proxy passes on comes from elsewhere, and a browser names the page that asks: https://fetch.spec.whatwg.org/#origin-header.
    private static bool IsFromHere(HttpContext context)
    {
        var (connection, headers) = (context.Connection, context.Request.Headers);
        return connection.RemoteIpAddress is { } remote && (IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress))
            && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("X-Real-IP") && !headers.ContainsKey("Origin");
    }
}
