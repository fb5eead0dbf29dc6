using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.AutomationWorker;

/// <summary>Runs a worker as a process, and says plainly why it cannot.</summary>
internal static class Startup
{
    private const int FailedAtRunTime = 1;
    private const int WrongConfiguration = 2;

    public static int SayProblems(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        Console.Error.WriteLine("Run 'runner-metrics-automation --help' for the commands and their options.");
        return WrongConfiguration;
    }

    /// <summary>Works until it is told to end.</summary>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken stop)
    {
        using var logs = Logs();
        try
        {
            await using var worker = await AutomationWorkerHost.StartAsync(options, logs, TimeProvider.System, stop);
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var told = stop.UnsafeRegister(static end => ((TaskCompletionSource)end!).SetResult(), end);
            await end.Task;
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return FailedAtRunTime;
        }
    }

    /// <summary>Audits once, and says what was found.</summary>
    public static async Task<int> AuditOnceAsync(WorkerOptions options, CancellationToken stop)
    {
        using var logs = Logs();
        using var registry = new MetricRegistry();
        try
        {
            using var audit = new AuditAgent(options.Audit!, new AuditAgentMetrics(registry), TimeProvider.System, logs.CreateLogger<AuditAgent>());
            var found = await audit.AuditAsync(AuditTrigger.Demand, stop);
            await Console.Out.WriteAsync(found.ToString());
            return found.IsComplete ? 0 : FailedAtRunTime;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return FailedAtRunTime;
        }
    }

    // To standard error: what was asked for stands on standard output alone.
    private static ILoggerFactory Logs() => LoggerFactory.Create(logging => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
