using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Sends answers: whole before their first byte is sent, so that no slow reader holds anything, and not at all where the client has them already.</summary>
internal static class ApiAnswers
{
    /// <summary>What fits one packet is not made smaller.</summary>
    private const int LeastCompressed = 1400;

    /// <summary>Answers a GET with JSON, a HEAD with its headers, and either with 304 where the client names the answer's ETag.</summary>
    public static Task SendAsync<T>(this HttpContext context, T answer, JsonTypeInfo<T> type) =>
        context.SendAsync(JsonSerializer.SerializeToUtf8Bytes(answer, type), "application/json; charset=utf-8");

    /// <summary>The same with what is written already.</summary>
    public static async Task SendAsync(this HttpContext context, byte[] body, string contentType)
    {
        var (request, response) = (context.Request, context.Response);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..32]}\"", isWeak: true);
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known == EntityTagHeaderValue.Any))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        if (body.Length >= LeastCompressed && ContentNegotiation.AcceptsGzip(request.Headers.AcceptEncoding))
        {
            response.Headers.ContentEncoding = "gzip";
            body = Compress(body);
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>Says why there is no answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="detail">What is wrong, and what would be right.</param>
    /// <param name="errors">The same for each parameter.</param>
    public static async Task RefuseAsync(this HttpContext context, int status, string detail, IReadOnlyList<ApiError>? errors = null)
    {
        var response = context.Response;
        var problem = new ApiProblem { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail, Errors = errors };
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ApiProblem);
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
