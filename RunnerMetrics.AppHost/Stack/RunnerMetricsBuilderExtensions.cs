using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Exporter.Publishing;
using RunnerMetrics.AppHost.Preflight;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>The application model of RunnerMetrics.</summary>
internal static class RunnerMetricsBuilderExtensions
{
    /// <summary>Adds what production runs where the model is published, and where it runs the whole stack around it.</summary>
    public static void AddRunnerMetrics(this IDistributedApplicationBuilder builder, StackSettings settings, LocalMachine machine)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            // It refers to nothing else: what is published would name it.
            builder.AddExporterCompose("compose");
            builder.AddPublishedExporter("exporter");
            return;
        }

        var stack = new StackContext(builder, settings, machine, RunFolder.AddTo(builder));
        StartReport.AddTo(builder);
        // Ctrl-C during the start would log a long stack trace here; failed starts also throw.
        builder.Services.AddLogging(logging => logging
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // The dashboard shows what is not healthy, and why.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        if (machine.Kind == StackKind.Containers)
        {
            stack.AddContainers();
        }
        else
        {
            stack.AddProcesses();
        }
    }
}
