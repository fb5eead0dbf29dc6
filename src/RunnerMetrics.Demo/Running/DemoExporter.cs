using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Console;
using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.Demo.Running;

/// <summary>The exporter, inside the demo's process.</summary>
internal static class DemoExporter
{
    /// <summary>The problems that keep it from starting: each port that is taken, and the option that chooses another.</summary>
    public static IReadOnlyList<string> TakenPorts(DemoOptions options)
    {
        var problems = new List<string>();
        foreach (var (port, option) in (ReadOnlySpan<(int, string)>)[(options.HttpPort, "--http-port"), (options.GrpcPort, "--grpc-port")])
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
            }
            catch (SocketException)
            {
                problems.Add($"Port {port} is in use: choose another one with {option}, for example {option} {port + 1000}.");
            }
        }

        return problems;
    }

    /// <summary>Builds it; nothing of it is written to the terminal, which shows the summary.</summary>
    public static WebApplication Build(DemoOptions options, string dataDirectory, string webhookSecretFile, GitHubOptions gitHub) => ExporterApplication.Build(
        new ExporterOptions
        {
            HttpPort = options.HttpPort,
            GrpcPort = options.GrpcPort,
            Bind = IPAddress.Loopback,
            DataDirectory = dataDirectory,
            WebhookSecretFile = webhookSecretFile,
            GitHub = gitHub,
            Fleet = new FleetOptions { IncidentRepositories = [LocalFleet.IncidentRepositories] },
        },
        TimeProvider.System,
        builder =>
        {
            builder.Logging.AddFilter<ConsoleLoggerProvider>(_ => false);
            builder.Services.AddSingleton<IHostLifetime, DemoLifetime>();
        });

    /// <summary>The demo itself handles Ctrl-C: the exporter stops last.</summary>
    private sealed class DemoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
