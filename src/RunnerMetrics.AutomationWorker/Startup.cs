using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.AutomationWorker.Demo;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.AutomationWorker;

/// <summary>Runs a worker as a process, and reports clearly why it cannot.</summary>
internal static class Startup
{
    /// <summary>Works until it is told to end.</summary>
    public static async Task<int> RunAsync(WorkerOptions options, LogOptions log, CancellationToken stop)
    {
        using var logs = Open(log);
        UnknownVariables.Warn(logs.CreateLogger<AutomationWorkerHost>());
        try
        {
            await using var worker = await AutomationWorkerHost.StartAsync(options, logs, TimeProvider.System, stop);
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var told = stop.UnsafeRegister(static end => ((TaskCompletionSource)end!).SetResult(), end);
            await end.Task;
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Works on a small project of its own, which changes by itself, until it is told to end.</summary>
    public static async Task<int> DemoAsync(WorkerOptions serving, LogOptions log, CancellationToken stop)
    {
        try
        {
            using var project = await DemoProject.CreateAsync(TimeProvider.System, stop);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var work = project.WorkAsync(end.Token);
            var code = await RunAsync(project.Configure(serving), log, stop);
            await end.CancelAsync();
            await work;
            return code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Audits once, and says what was found.</summary>
    public static async Task<int> AuditOnceAsync(WorkerOptions options, LogOptions log, CancellationToken stop)
    {
        using var logs = Open(log);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider(); // nobody listens: what was found is printed
        try
        {
            using var audit = new AuditAgent(options.Audit!, new AuditAgentMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, logs.CreateLogger<AuditAgent>());
            var found = await audit.AuditAsync(AuditTrigger.Demand, stop);
            await Console.Out.WriteAsync(found.ToString());
            return found.IsComplete ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    // To standard error: what was asked for stands on standard output alone.
    private static ILoggerFactory Open(LogOptions log) => LoggerFactory.Create(logging => logging.AddProgramConsole(log, toStandardError: true));
}
