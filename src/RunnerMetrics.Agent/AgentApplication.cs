using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent;

/// <summary>The agent: follows a runner's logs and reports what they tell.</summary>
public static class AgentApplication
{
    /// <summary>Runs until it is stopped, or once.</summary>
    /// <param name="options">Which runner, and where to report.</param>
    /// <param name="loggers">Where the agent says what troubles it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops it; it ends at once, and goes on where it was when it is started again.</param>
    /// <returns>0 where it did what it was told, 1 where it could not.</returns>
    public static Task<int> RunAsync(AgentOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken stop) =>
        RunAsync(options, new GrpcEventSender(options.Collector, options.TokenFile, time), new DeliveryOptions(), loggers, time, stop);

    internal static async Task<int> RunAsync(
        AgentOptions options,
        IEventSender sender,
        DeliveryOptions delivery,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var logger = loggers.CreateLogger("RunnerMetrics.Agent");
        using var owned = sender;
        try
        {
            Directory.CreateDirectory(options.Spool);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            AgentLog.SpoolUnusable(logger, options.Spool, failure.Message);
            return ExitCode.Failed;
        }

        var checkpoints = new CheckpointFile(options.Spool, logger);
        using var tail = new DiagTail(options.Diag, options.RunnerName, checkpoints.Load(), time, logger);
        var outbox = new Outbox(delivery.Capacity);
        var events = new EventFactory(options.RunnerName, options.RunnerType);
        var deliverer = new Deliverer(outbox, sender, checkpoints.Save, delivery, time, logger);
        var loop = new AgentLoop(options, tail, outbox, events, deliverer, time, logger);
        return options.Once
            ? await loop.RunOnceAsync(delivery.GiveUpOnce, stop)
            : await loop.RunAsync(new HeartbeatSender(sender, events, options.HeartbeatInterval, time, logger), stop);
    }
}
