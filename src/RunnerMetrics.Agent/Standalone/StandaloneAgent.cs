using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Standalone;

/// <summary>An agent and an exporter in one process. They talk as they do over a network, so that what holds there holds here.</summary>
internal static class StandaloneAgent
{
    public static async Task<int> RunAsync(
        AgentOptions options, StandaloneOptions standalone, ILoggerFactory loggers, TimeProvider time, CancellationToken stop)
    {
        var logger = loggers.CreateLogger("RunnerMetrics.Agent");
        try
        {
            await using var exporter = Build(standalone, loggers, time);
            await exporter.StartAsync(stop);
            var urls = exporter.Urls.ToArray();
            AgentLog.Serving(logger, urls[0]);
            var exitCode = await AgentApplication.RunAsync(options with { Collector = new Uri(urls[1]), Standalone = null }, loggers, time, stop);
            await exporter.StopAsync(CancellationToken.None);
            return exitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or SocketException or StorageException or ArgumentException)
        {
            // Kestrel's: "Failed to bind to address http://127.0.0.1:9091: address already in use."
            AgentLog.NotServing(logger, failure.Message);
            return ExitCode.Failed;
        }
    }

    private static WebApplication Build(StandaloneOptions standalone, ILoggerFactory loggers, TimeProvider time) => ExporterApplication.Build(
        new ExporterOptions
        {
            HttpPort = standalone.HttpPort,
            Bind = standalone.Bind,
            GrpcPort = 0,
            GrpcBind = IPAddress.Loopback,
            DataDirectory = standalone.DataDirectory,
        },
        time,
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new AgentLoggers(loggers));
            builder.Services.AddSingleton<IHostLifetime, AgentLifetime>();
        });
}
