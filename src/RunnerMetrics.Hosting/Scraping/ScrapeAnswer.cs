using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Hosting.Scraping;

/// <summary>The answer to a scrape.</summary>
public static class ScrapeAnswer
{
    /// <summary>Answers with one moment of a registry, in the format and encoding that the client prefers; to HEAD, with the headers alone.</summary>
    /// <param name="context">A GET or HEAD request.</param>
    /// <param name="registry">What is scraped.</param>
    public static async Task<ScrapeSize> SendMetricsAsync(this HttpContext context, MetricRegistry registry)
    {
        var request = context.Request;
        var response = context.Response;
        using var snapshot = registry.Snapshot(ContentNegotiation.FormatFor(request.Headers.Accept));
        response.ContentType = snapshot.Format == ExpositionFormat.OpenMetrics
            ? ContentNegotiation.OpenMetricsContentType
            : ContentNegotiation.TextContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        response.Headers.CacheControl = "no-store";
        if (ContentNegotiation.AcceptsGzip(request.Headers.AcceptEncoding))
        {
            response.Headers.ContentEncoding = "gzip";
            if (!HttpMethods.IsHead(request.Method))
            {
                await SendCompressedAsync(snapshot, response.Body, context.RequestAborted);
            }
        }
        else
        {
            response.ContentLength = snapshot.Length;
            if (!HttpMethods.IsHead(request.Method))
            {
                foreach (var piece in snapshot.Pieces)
                {
                    await response.BodyWriter.WriteAsync(piece, context.RequestAborted);
                }
            }
        }

        return new ScrapeSize(snapshot.Length, snapshot.Samples);
    }

    private static async Task SendCompressedAsync(ScrapeSnapshot snapshot, Stream body, CancellationToken cancelled)
    {
        await using var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var piece in snapshot.Pieces)
        {
            await gzip.WriteAsync(piece, cancelled);
        }
    }
}
