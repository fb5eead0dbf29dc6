using System.IO.Compression;
using RunnerMetrics.Core.Exposition;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary><c>GET /metrics</c>: one moment of the registry, in the format and encoding that the client prefers.</summary>
internal sealed class MetricsEndpoint
{
    private readonly MetricRegistry _registry;
    private readonly TimeProvider _time;
    private readonly Histogram _duration;
    private readonly Gauge _size;
    private readonly Gauge _samples;

    public MetricsEndpoint(MetricRegistry registry, TimeProvider time)
    {
        _registry = registry;
        _time = time;
        _duration = registry.Add(MetricCatalog.ScrapeDuration).AddHistogram(Labels.None);
        _size = registry.Add(MetricCatalog.ScrapeSize).AddGauge(Labels.None);
        _samples = registry.Add(MetricCatalog.SeriesShown).AddGauge(Labels.None);
    }

    public async Task ServeAsync(HttpContext context)
    {
        using var span = ExporterTelemetry.Source.StartActivity("scrape");
        var start = _time.GetTimestamp();
        var request = context.Request;
        var response = context.Response;
        using var snapshot = _registry.Snapshot(ContentNegotiation.FormatFor(request.Headers.Accept));
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

        Record(snapshot, _time.GetElapsedTime(start));
        span?.SetTag("runner_metrics.scrape.format", snapshot.Format.ToString()).SetTag("runner_metrics.scrape.samples", snapshot.Samples)
            .SetTag("runner_metrics.scrape.bytes", snapshot.Length);
    }

    private static async Task SendCompressedAsync(ScrapeSnapshot snapshot, Stream body, CancellationToken cancelled)
    {
        await using var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var piece in snapshot.Pieces)
        {
            await gzip.WriteAsync(piece, cancelled);
        }
    }

    private void Record(ScrapeSnapshot snapshot, TimeSpan elapsed)
    {
        lock (_registry.Gate)
        {
            _duration.Observe(elapsed.TotalSeconds);
            _size.Set(snapshot.Length);
            _samples.Set(snapshot.Samples);
        }
    }
}
