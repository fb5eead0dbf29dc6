using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>Traces, metrics and logs by OTLP. Endpoint, protocol, headers and time-outs are read from OpenTelemetry's own environment variables.</summary>
internal static class OtlpTelemetry
{
    public static void Add(IHostApplicationBuilder builder, string[] sources)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.DescribeService(builder.Environment.ApplicationName))
            .WithTracing(traces => traces.AddSource(sources))
            .WithMetrics(metrics => metrics.AddMeter(sources)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"))
            .WithLogging(null, logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, true))
            .UseOtlpExporter();
        builder.Services.AddHostedService<TelemetryEnd>();
    }

    /// <summary>Sends what waits once everything else has stopped. An unreachable collector must not keep a service from stopping.</summary>
    private sealed class TelemetryEnd(TracerProvider traces, MeterProvider metrics, LoggerProvider logs) : IHostedLifecycleService
    {
        private const int MillisecondsToEnd = 2000;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(MillisecondsToEnd), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(MillisecondsToEnd), CancellationToken.None),
            Task.Run(() => logs.Shutdown(MillisecondsToEnd), CancellationToken.None));

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
