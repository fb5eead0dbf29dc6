using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>OpenTelemetry's providers of traces and metrics. Endpoint, protocol, headers and time-outs are read from its own environment variables.</summary>
internal sealed class OtlpTelemetry : IDisposable
{
    private const int MillisecondsToEnd = 2000;

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public OtlpTelemetry(ServiceIdentity service)
    {
        var sources = service.Sources.ToArray();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Describe(resource, service))
            .AddSource(sources)
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Describe(resource, service))
            .AddMeter(sources)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
            .AddOtlpExporter()
            .Build();
    }

    public static void AddLogs(ILoggingBuilder logging, ServiceIdentity service) => logging.AddOpenTelemetry(options =>
    {
        var resource = ResourceBuilder.CreateDefault();
        Describe(resource, service);
        options.SetResourceBuilder(resource);
        options.IncludeFormattedMessage = true;
        options.IncludeScopes = true;
        options.AddOtlpExporter();
    });

    public void Dispose()
    {
        // A collector that is away must not keep a service from ending.
        _traces.Shutdown(MillisecondsToEnd);
        _metrics.Shutdown(MillisecondsToEnd);
        _traces.Dispose();
        _metrics.Dispose();
    }

    // The environment's words, OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, come last and so win.
    private static void Describe(ResourceBuilder resource, ServiceIdentity service) =>
        resource.Clear().AddTelemetrySdk().AddService(service.Name, serviceVersion: service.Version, serviceInstanceId: Environment.MachineName).AddEnvironmentVariableDetector();
}
