using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Adoption;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent;

/// <summary>The agent: follows a runner's logs and reports what they tell.</summary>
public static class AgentApplication
{
    private static readonly TimeSpan OpenAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is stopped, or once.</summary>
    /// <param name="options">Which runner, and where to report.</param>
    /// <param name="loggers">Where the agent says what troubles it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops it: it delivers what it can within <see cref="AgentOptions.FlushTimeout"/>, and goes on where it was when it is started again.</param>
    /// <returns>0 where it did what it was told, 1 where it could not.</returns>
    public static Task<int> RunAsync(AgentOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        return RunAsync(options, new GrpcEventSender(options.Collector, options.TokenFile, time), new DeliveryOptions(), loggers, time, stop);
    }

    internal static async Task<int> RunAsync(
        AgentOptions options,
        IEventSender sender,
        DeliveryOptions delivery,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken stop)
    {
        var logger = loggers.CreateLogger("RunnerMetrics.Agent");
        using var owned = sender;
        try
        {
            using var folder = DiskFolder.Open(options.Spool, "agent", "--spool");
            return await AdoptWhileAsync(RunAsync(options, folder, sender, delivery, logger, time, stop), options, sender, delivery, logger, time);
        }
        catch (Exception failure) when (failure is StorageException or IOException or UnauthorizedAccessException)
        {
            AgentLog.SpoolUnusable(logger, options.Spool, failure.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> AdoptWhileAsync(
        Task<int> agent, AgentOptions options, IEventSender sender, DeliveryOptions delivery, ILogger logger, TimeProvider time)
    {
        if (options is { Once: true } or { Adopt: null })
        {
            return await agent;
        }

        using var ended = new CancellationTokenSource();
        var adoption = new SpoolAdopter(options.Adopt, options.Spool, sender, LimitsOf(options), delivery, time, logger).RunAsync(ended.Token);
        try
        {
            return await agent;
        }
        finally
        {
            await ended.CancelAsync();
            await adoption.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static SpoolOptions LimitsOf(AgentOptions options) => new() { MaxBytes = options.SpoolMaxBytes, MaxAge = options.SpoolMaxAge };

    // A spool that is damaged or removed while it is in use is opened anew: what can be read is kept, and the logs are read again.
    internal static async Task<int> RunAsync(
        AgentOptions options,
        IStorageFolder folder,
        IEventSender sender,
        DeliveryOptions delivery,
        ILogger logger,
        TimeProvider time,
        CancellationToken stop)
    {
        var saidUnknown = false;
        while (true)
        {
            try
            {
                return await RunOnSpoolAsync(options, folder, sender, delivery, logger, time, stop);
            }
            catch (Exception failure) when (failure is StorageException or IOException or UnauthorizedAccessException && !options.Once)
            {
                AgentLog.SpoolLost(logger, failure.Message);
            }
            catch (RunnerUnknownException unknown)
            {
                if (!saidUnknown)
                {
                    AgentLog.RunnerUnknown(logger, unknown.Message);
                }

                saidUnknown = true;
                if (options.Once)
                {
                    return ExitCode.Failed;
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !options.Once)
            {
                // The boundary of the program: nobody may be there to start it again, and all that counts is on disk.
                AgentLog.Failed(logger, failure);
            }

            try
            {
                await Task.Delay(OpenAgainAfter, time, stop);
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Done;
            }
        }
    }

    private static async Task<int> RunOnSpoolAsync(
        AgentOptions options,
        IStorageFolder folder,
        IEventSender sender,
        DeliveryOptions delivery,
        ILogger logger,
        TimeProvider time,
        CancellationToken stop)
    {
        using var spool = EventSpool.Open(folder, LimitsOf(options), time, logger);
        var settings = RunnerFolder.Of(options.Diag).ReadSettings(options.RunnerName);
        using var tail = new DiagTail(options.Diag, settings, spool.Place, time, logger);
        var hooks = options.Hooks is { } path ? new HookReader(new HookFolder(path, time, logger), time) : null;
        var events = new EventFactory(settings, options.RunnerType);
        var deliverer = new Deliverer(spool, sender, new DeadLetterFile(folder, time, logger), delivery, time, logger);
        var loop = new AgentLoop(options, tail, hooks, spool, events, deliverer, time, logger);
        return options.Once
            ? await loop.RunOnceAsync(delivery.GiveUpOnce, stop)
            : await loop.RunAsync(new HeartbeatSender(sender, events, () => spool.Lost, options.HeartbeatInterval, time, logger), stop);
    }
}
