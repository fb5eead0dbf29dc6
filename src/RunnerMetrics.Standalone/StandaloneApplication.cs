using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Standalone.Configuration;

namespace RunnerMetrics.Standalone;

/// <summary>An agent and an exporter in one process. They communicate as over a network, with the same guarantees.</summary>
public static class StandaloneApplication
{
    private const int Failed = 1;

    /// <summary>Runs until it is stopped, or once.</summary>
    /// <param name="options">Which runner, and where its metrics are served.</param>
    /// <param name="loggers">The log of both.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops the agent, and the exporter behind it.</param>
    /// <returns>0 on success, 1 on failure.</returns>
    public static async Task<int> RunAsync(StandaloneOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var logger = loggers.CreateLogger("RunnerMetrics.Standalone");
        try
        {
            await using var exporter = Build(options, loggers, time);
            await exporter.StartAsync(stop);
            var urls = exporter.Urls.ToArray();
            StandaloneLog.Serving(logger, urls[0]);
            var exitCode = await AgentApplication.RunAsync(options.Agent with { Collector = new Uri(urls[1]) }, loggers, time, stop);
            await exporter.StopAsync(CancellationToken.None);
            return exitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (failure is IOException or SocketException or StorageException or ArgumentException)
        {
            // Kestrel's: "Failed to bind to address http://127.0.0.1:9091: address already in use."
            StandaloneLog.NotServing(logger, failure.Message);
            return Failed;
        }
    }

    private static WebApplication Build(StandaloneOptions options, ILoggerFactory loggers, TimeProvider time) => ExporterApplication.Build(
        new ExporterOptions
        {
            HttpPort = options.HttpPort,
            Bind = options.Bind,
            GrpcPort = 0,
            GrpcBind = IPAddress.Loopback,
            DataDirectory = options.DataDirectory,
            ReadTokenFile = options.ReadTokenFile,
            OpenPage = options.OpenPage,
        },
        time,
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new AgentLoggers(loggers));
            builder.Services.AddSingleton<IHostLifetime, ExporterLifetime>();
        });
}
