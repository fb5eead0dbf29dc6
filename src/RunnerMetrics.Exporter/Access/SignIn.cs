using System.Net;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Access;

/// <summary><c>POST /sign-in</c> and <c>POST /sign-out</c>, from the forms of the page.</summary>
internal sealed class SignIn(ReadTokens tokens, Sessions sessions, SignInAttempts attempts)
{
    private const int LongestForm = 4096;

    public async Task BeginAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsForm(context))
        {
            await SignInPage.SendAsync(context, StatusCodes.Status400BadRequest, "/", "The form came from elsewhere, or is none: sign in here.");
            return;
        }

        var form = await request.ReadFormAsync(context.RequestAborted);
        var back = Local(form["return"]);
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!attempts.MayTry(address))
        {
            context.Response.Headers.RetryAfter = "60";
            await SignInPage.SendAsync(context, StatusCodes.Status429TooManyRequests, back, "Too many tokens were tried: wait a minute.");
            return;
        }

        if (tokens.Find(form["token"].ToString().Trim()) is not { } hash)
        {
            attempts.Fail(address);
            await SignInPage.SendAsync(context, StatusCodes.Status401Unauthorized, back, "That is none of the tokens of the exporter's --read-token-file.");
            return;
        }

        sessions.Begin(context, hash);
        GoTo(context, back);
    }

    public static Task EndAsync(HttpContext context)
    {
        Sessions.End(context);
        GoTo(context, "/");
        return Task.CompletedTask;
    }

    // A browser says where a form stands: one of a stranger's page signs nobody in.
    private static bool IsForm(HttpContext context) => context.Request is { HasFormContentType: true, ContentLength: <= LongestForm } request
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";

    private static void GoTo(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
    }

    // "//elsewhere.example" and "/\elsewhere.example" are addresses of somebody else.
    private static string Local(string? path) => path is ['/', ..] && path is not ['/', '/' or '\\', ..] && path.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 ? path : "/";
}
