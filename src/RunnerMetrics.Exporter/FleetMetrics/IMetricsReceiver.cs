using RunnerMetrics.Exporter.FleetMetrics.Otlp;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>An OTLP collector.</summary>
internal interface IMetricsReceiver : IDisposable
{
    /// <summary>Sends a request, and waits for its answer.</summary>
    /// <returns>How many of its data points the collector rejected, though it took the request.</returns>
    /// <exception cref="Exception">It did not take the request, or did not answer.</exception>
    Task<long> SendAsync(ExportRequest request, CancellationToken cancellationToken);
}
