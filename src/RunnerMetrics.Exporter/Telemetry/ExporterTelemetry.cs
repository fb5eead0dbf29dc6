using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>The exporter's own telemetry by OpenTelemetry, in addition to its metrics for Prometheus. It costs nothing while nobody listens.</summary>
public static class ExporterTelemetry
{
    /// <summary>The name of the exporter's activity source and of its meter.</summary>
    public const string SourceName = "RunnerMetrics.Exporter";

    private static readonly Meter Meter = new(SourceName, BuildVersion.Text);

    /// <summary>What the exporter calls itself; <c>OTEL_SERVICE_NAME</c> replaces it.</summary>
    public const string ServiceName = "runner-metrics-exporter";

    /// <summary>The exporter's own spans and measurements, and the requests that its spans are in.</summary>
    internal static string[] Sources => [SourceName, "Microsoft.AspNetCore"];

    internal static ActivitySource Source { get; } = new(SourceName, BuildVersion.Text);

    /// <summary>
    /// Starts a span within the request that is answered; null if nobody listens, or where the request is left out. A sampler that takes everything, which Aspire sets for development
    /// (<c>OTEL_TRACES_SAMPLER=always_on</c>), would make a trace of it all the same.
    /// </summary>
    internal static Activity? StartSpan(string name) => Activity.Current is { Recorded: false } ? null : Source.StartActivity(name);

    internal static Histogram<double> CommitDuration { get; } =
        Meter.CreateHistogram<double>("runner_metrics.journal.commit.duration", "s", "Time to write a group of events to the journal, including fsync.");
}
