using System.Diagnostics;
using System.Diagnostics.Metrics;
using RunnerMetrics.Exporter.Endpoints;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>What the exporter tells of its own work by OpenTelemetry, beside what Prometheus scrapes. Nothing of it costs anything while nobody listens.</summary>
public static class ExporterTelemetry
{
    /// <summary>The name of the exporter's activity source and of its meter.</summary>
    public const string SourceName = "RunnerMetrics.Exporter";

    private static readonly Meter Meter = new(SourceName, BuildVersion.Text);

    /// <summary>The exporter as a service, with the requests that its own spans stand in.</summary>
    public static ServiceIdentity Identity { get; } = new("runner-metrics-exporter", BuildVersion.Text, [SourceName, "Microsoft.AspNetCore"]);

    internal static ActivitySource Source { get; } = new(SourceName, BuildVersion.Text);

    internal static Histogram<double> CommitDuration { get; } =
        Meter.CreateHistogram<double>("runner_metrics.journal.commit.duration", "s", "Time to write a group of events to the journal, fsync included.");
}
