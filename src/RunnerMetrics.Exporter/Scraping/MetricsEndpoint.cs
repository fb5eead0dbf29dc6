using RunnerMetrics.Domain;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Scraping;

/// <summary><c>GET /metrics</c>, and what it cost.</summary>
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
        using var span = ExporterTelemetry.StartSpan("scrape");
        var start = _time.GetTimestamp();
        var sent = await context.SendMetricsAsync(_registry);
        var elapsed = _time.GetElapsedTime(start);
        using (_registry.Gate.Enter())
        {
            _duration.Observe(elapsed.TotalSeconds);
            _size.Set(sent.Bytes);
            _samples.Set(sent.Samples);
        }

        span?.SetTag("runner_metrics.scrape.samples", sent.Samples).SetTag("runner_metrics.scrape.bytes", sent.Bytes);
    }
}
