using OpenTelemetry.Exporter;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>Adds the traces of runs, where there is somewhere to send them.</summary>
internal static class RunTraceSetup
{
    public static void AddRunTraces(this IServiceCollection services, ExporterOptions options)
    {
        if (options.Fleet.TracesRuns)
        {
            services.AddSingleton(new RunTraceOptions(options.TraceStarts, static () => new OtlpExporterOptions()));
            services.AddHostedService<RunTraceService>();
        }
    }
}
