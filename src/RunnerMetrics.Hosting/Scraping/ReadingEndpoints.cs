using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RunnerMetrics.Hosting.Scraping;

/// <summary>Endpoints that are read only.</summary>
public static class ReadingEndpoints
{
    /// <summary>Answers GET and HEAD, and every other method with 405.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="path">The path.</param>
    /// <param name="answer">Answers; it is to leave out the body where the method is HEAD.</param>
    public static IEndpointConventionBuilder MapReading(this IEndpointRouteBuilder endpoints, string path, RequestDelegate answer) =>
        endpoints.Map(path, context =>
        {
            // Said here, because routing alone answers 404 where another endpoint matches every path.
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                return answer(context);
            }

            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        });

    /// <summary>Answers with a line of text.</summary>
    public static Task WriteTextAsync(this HttpContext context, string word)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(word, context.RequestAborted);
    }
}
