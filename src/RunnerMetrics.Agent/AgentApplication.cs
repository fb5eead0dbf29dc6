using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Reading;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent;

/// <summary>The agent: follows a runner's logs and reports its state and jobs.</summary>
public static class AgentApplication
{
    /// <summary>Runs an agent in a process that is not its own, until it is stopped, or once.</summary>
    /// <param name="options">Which runner, and where to report.</param>
    /// <param name="loggers">The agent's log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops it: it delivers what it can within <see cref="AgentOptions.FlushTimeout"/>, and continues where it was when it is started again.</param>
    /// <returns>0 on success, 1 on failure.</returns>
    public static Task<int> RunAsync(AgentOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        return RunAsync(options, services => services.AddSingleton(loggers.CreateLogger(AgentTelemetry.SourceName)).AddSingleton(time), stop);
    }

    /// <summary>As above, with the caller's own services.</summary>
    internal static async Task<int> RunAsync(AgentOptions options, Action<IServiceCollection> configure, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = AgentTelemetry.ServiceName });
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        configure(builder.Services);
        builder.Services.AddAgent(options);
        using var host = builder.Build();
        return await RunAsync(host, stop);
    }

    /// <summary>Runs the agent of a host.</summary>
    internal static async Task<int> RunAsync(IHost host, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
            if (host.Services.GetService<OnceRun>() is { } once)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
                var exitCode = await once.RunAsync(either.Token);
                await host.StopAsync(CancellationToken.None);
                return exitCode;
            }

            await host.WaitForShutdownAsync(stop);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is StorageException or IOException or UnauthorizedAccessException)
        {
            AgentLog.SpoolUnusable(host.Services.GetRequiredService<ILogger>(), host.Services.GetRequiredService<AgentOptions>().Spool, failure.Message);
            return ExitCode.Failed;
        }
    }
}
