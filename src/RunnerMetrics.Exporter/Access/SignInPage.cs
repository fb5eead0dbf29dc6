using System.Text.Encodings.Web;

namespace RunnerMetrics.Exporter.Access;

/// <summary>The form that people sign in with. It needs no script.</summary>
internal static class SignInPage
{
    /// <summary>What a page may do: nothing but load this exporter's own files, and send its forms here.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="back">Where to go once somebody has signed in.</param>
    /// <param name="problem">What went wrong; null where nothing did.</param>
    public static async Task SendAsync(HttpContext context, int status, string back, string? problem = null)
    {
        context.Response.StatusCode = status;
        Protect(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(Render(back, problem), context.RequestAborted);
        }
    }

    /// <summary>Sets the headers that every page has.</summary>
    public static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static string Render(string back, string? problem) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Sign in · RunnerMetrics</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/assets/page.css"></head>
        <body class="sign-in"><main><h1>RunnerMetrics</h1>
        <p>This exporter asks who reads. Paste one of the tokens of its <code>--read-token-file</code>.</p>
        {(problem is null ? "" : $"<p class=\"problem\" role=\"alert\">{HtmlEncoder.Default.Encode(problem)}</p>")}
        <form method="post" action="/sign-in"><input type="hidden" name="return" value="{HtmlEncoder.Default.Encode(back)}">
        <label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button>Sign in</button></form></main></body></html>

        """;
}
