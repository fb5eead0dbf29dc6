using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>
/// Sends the spans of runs by OpenTelemetry's own OTLP exporter. They have a provider of their own: every one of them is sampled, and the result of each request is seen, so that it can be sent again.
/// </summary>
internal sealed class RunTraceExporter : IDisposable
{
    private readonly ActivitySource _source = new(new ActivitySourceOptions(RunActivity.SourceName) { Version = BuildVersion.Text, TelemetrySchemaUrl = RunActivity.SchemaUrl });
    private readonly OtlpTraceExporter _exporter;
    private readonly Ended _ended;
    private readonly TracerProvider _provider;

    /// <param name="options">Where to; OpenTelemetry's own environment variables unless they say otherwise.</param>
    /// <param name="rejected">Is told how many spans of a request the collector did not take, though it took the request.</param>
    public RunTraceExporter(OtlpExporterOptions options, Action<long> rejected)
    {
        // With certificates of its own, the client is OpenTelemetry's, and what a collector rejects of a request is not seen.
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_CERTIFICATE") is null && Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE") is null)
        {
            options.HttpClientFactory = () => new HttpClient(new PartialSuccess(rejected)) { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds) };
        }

        _exporter = new OtlpTraceExporter(options);
        _ended = new Ended(_exporter, _source);
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.DescribeService(ExporterTelemetry.ServiceName))
            .SetSampler(new AlwaysOnSampler())
            .AddSource(RunActivity.SourceName)
            .AddProcessor(_ended)
            .Build();
    }

    /// <summary>Sends spans in one request, and waits for its answer: at most for <c>OTEL_EXPORTER_OTLP_TIMEOUT</c>, 10 s.</summary>
    /// <returns>Whether the collector took the request.</returns>
    public bool Send(IReadOnlyList<RunSpan> spans)
    {
        foreach (var span in spans)
        {
            RunActivity.Record(_source, span);
        }

        var batch = _ended.Take();
        return batch.Length == 0 || _exporter.Export(new Batch<Activity>(batch, batch.Length)) == ExportResult.Success;
    }

    public void Dispose()
    {
        _provider.Dispose();
        _source.Dispose();
    }

    /// <summary>Gathers what has ended: when it is sent is decided by <see cref="Send"/>.</summary>
    private sealed class Ended(OtlpTraceExporter exporter, ActivitySource source) : BaseExportProcessor<Activity>(exporter)
    {
        private readonly List<Activity> _activities = [];

        public Activity[] Take()
        {
            Activity[] taken = [.. _activities];
            _activities.Clear();
            return taken;
        }

        // Another exporter in this process has a source of the same name.
        protected override void OnExport(Activity data)
        {
            if (data.Source == source)
            {
                _activities.Add(data);
            }
        }
    }
}
