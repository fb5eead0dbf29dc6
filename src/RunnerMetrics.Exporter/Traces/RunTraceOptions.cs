using OpenTelemetry.Exporter;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>How the traces of runs are sent.</summary>
/// <param name="TellsStarts">Whether a job that has started has a span before it ends.</param>
/// <param name="Otlp">Where to: OpenTelemetry's own environment variables, unless a test says otherwise.</param>
internal sealed record RunTraceOptions(bool TellsStarts, Func<OtlpExporterOptions> Otlp);
