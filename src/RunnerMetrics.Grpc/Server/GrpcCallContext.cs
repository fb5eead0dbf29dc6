using Microsoft.AspNetCore.Http;

namespace RunnerMetrics.Grpc;

/// <summary>One call, as its handler and its authorization see it.</summary>
public sealed class GrpcCallContext
{
    private const string BearerScheme = "Bearer ";

    /// <summary>Makes a context; the server does so for each call, a test of a handler may.</summary>
    /// <param name="httpContext">The HTTP request.</param>
    /// <param name="method">The method's path, <c>/service/name</c>.</param>
    /// <param name="deadline">When the client gives up; null where it did not say.</param>
    /// <param name="cancellationToken">Fires at the deadline and when the client goes away.</param>
    public GrpcCallContext(HttpContext httpContext, string method, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        HttpContext = httpContext;
        Method = method;
        Deadline = deadline;
        CancellationToken = cancellationToken;
    }

    /// <summary>The HTTP request. Its response is the server's to write.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The method's path, <c>/service/name</c>.</summary>
    public string Method { get; }

    /// <summary>The call's metadata.</summary>
    public IHeaderDictionary RequestHeaders => HttpContext.Request.Headers;

    /// <summary>When the client gives up, by the server's clock; null where it did not say.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>Fires at the deadline and when the client goes away.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>
    /// The token of <c>authorization: Bearer TOKEN</c>; null where there is none, or more than one. A secret: compare it in
    /// constant time, never log it.
    /// </summary>
    public string? BearerToken
    {
        get
        {
            string? value = RequestHeaders.Authorization.Count == 1 ? RequestHeaders.Authorization[0] : null;
            return value is not null && value.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
                ? value[BearerScheme.Length..].Trim()
                : null;
        }
    }
}
