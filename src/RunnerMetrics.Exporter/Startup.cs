using System.Net.Sockets;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.FleetMetrics;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Hosting.Logging;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter;

/// <summary>Runs an exporter as a process, and reports clearly why it cannot.</summary>
internal static partial class Startup
{
    public static async Task<int> RunAsync(ExporterOptions options, LogOptions log, CancellationToken stop)
    {
        if ((OtlpEndpoint.Problem ?? (options.SendsFleetMetrics ? FleetMetricsOptions.ProblemOf(Environment.GetEnvironmentVariable) : null)) is { } problem)
        {
            return WrongUsage.Write([problem]);
        }

        await using var app = ExporterApplication.Build(options, configure: builder => builder.Logging.AddProgramConsole(log));
        UnknownVariables.Warn(app.Logger);
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException e)
        {
            // Kestrel wraps what the socket said: "Failed to bind to address http://127.0.0.1:9091: address already in use."
            await Console.Error.WriteLineAsync($"{e.Message} Choose other ports with --http-port and --grpc-port, or stop the program that uses it.");
            return ExitCode.Failed;
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"Cannot listen on {options.Bind}: {e.Message}. Give --bind an address of this machine.");
            return ExitCode.Failed;
        }
        catch (StorageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }

        ReportLimits(app.Logger, options.Fleet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var urls = app.Urls.ToArray();
        ListeningLog.Limits(app.Logger, app.Services.GetRequiredService<EdgeLimits>());
        LogPage(app.Logger, urls[0]);
        LogReady(app.Logger, urls[0], urls[1]);
        await app.WaitForShutdownAsync(stop);
        return ExitCode.Done;
    }

    private static void ReportLimits(ILogger logger, FleetOptions limits, long memory)
    {
        const long Megabyte = 1024 * 1024;
        LogLimits(logger, memory / Megabyte, limits.MaxRunners, limits.MaxRunnerRecords, limits.MaxLabelSets, limits.MaxRemembered);
        if (limits.MostBytes > memory)
        {
            LogTooLarge(logger, limits.MostBytes / Megabyte, memory / Megabyte);
        }
    }

    [LoggerMessage(2, LogLevel.Information,
        "Limits for {Memory} MB of memory: {Runners} runners with their own series, {Records} runners in total, {LabelSets} label sets, {Remembered} ended jobs remembered")]
    private static partial void LogLimits(ILogger logger, long memory, int runners, int records, int labelSets, int remembered);

    [LoggerMessage(3, LogLevel.Warning,
        "At the configured limits, the exporter would need {Needed} MB of memory and may use {Memory} MB: give it more, or lower --max-runners and --max-label-sets")]
    private static partial void LogTooLarge(ILogger logger, long needed, long memory);

    [LoggerMessage(4, LogLevel.Information, "The live page is at {Http}/")]
    private static partial void LogPage(ILogger logger, string http);

    [LoggerMessage(1, LogLevel.Information, "Ready: metrics at {Http}/metrics, agents report to {Grpc}")]
    private static partial void LogReady(ILogger logger, string http, string grpc);
}
