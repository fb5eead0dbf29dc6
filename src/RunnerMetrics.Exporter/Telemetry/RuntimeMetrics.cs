using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>
/// <c>GET /metrics/runtime</c>: the instruments of .NET, of Kestrel and of the HTTP server, by OpenTelemetry's exporter. They begin again with each process;
/// what <c>/metrics</c> serves does not come from here.
/// </summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private readonly MeterProvider _provider = Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.Clear().AddService(ExporterTelemetry.ServiceName, serviceVersion: BuildVersion.Text, autoGenerateServiceInstanceId: false))
        .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
        .AddView(Show)
        .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false)
        .Build();

    public IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPrometheusScrapingEndpoint("/metrics/runtime", _provider, configureBranchedPipeline: null, optionsName: null)
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
        .WithoutOwnTrace();

    public void Dispose() => _provider.Dispose();

    private static MetricStreamConfiguration Show(Instrument instrument) => instrument.Name switch
    {
        // .NET calls these counters, though they fall; /metrics has them, as gauges.
        "dotnet.thread_pool.queue.length" or "dotnet.thread_pool.thread.count" => MetricStreamConfiguration.Drop,

        // A gauge must not end with _count in Prometheus, which keeps that for histograms.
        "dotnet.assembly.count" => Named("dotnet.assemblies"),
        "dotnet.process.cpu.count" => Named("dotnet.process.cpus"),
        "dotnet.timer.count" => Named("dotnet.timers"),
        _ => Named(null),
    };

    // Room is taken beforehand: for the default of 2,000 series an instrument it would be 5 MB.
    private static MetricStreamConfiguration Named(string? name) => new() { Name = name, CardinalityLimit = 200 };
}
