using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(200, LogLevel.Warning, "The collector does not accept events: {Problem} They are kept and sent again.")]
    public static partial void Unavailable(ILogger logger, string problem);

    [LoggerMessage(201, LogLevel.Error, "The collector does not accept this agent's token: {Problem} Put a token that the collector knows into --token-file; it is read again for each attempt; the next one is in {Seconds} s.")]
    public static partial void Unauthenticated(ILogger logger, string problem, double seconds);

    [LoggerMessage(202, LogLevel.Error, "The collector refuses a batch: {Problem} Compare the versions of agent and exporter; the batch is kept; the next attempt is in {Seconds} s.")]
    public static partial void Refused(ILogger logger, string problem, double seconds);

    [LoggerMessage(203, LogLevel.Information, "The collector accepts events again.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(204, LogLevel.Warning, "The collector rejected event {EventId}: {Reason} It is not sent again.")]
    public static partial void Rejected(ILogger logger, string eventId, string reason);

    [LoggerMessage(205, LogLevel.Warning, "The collector did not settle {Count} events (the first answer was {Outcome}): they are kept and sent again.")]
    public static partial void Unsettled(ILogger logger, int count, string outcome);

    [LoggerMessage(206, LogLevel.Debug, "A heartbeat was not accepted: {Problem}")]
    public static partial void HeartbeatFailed(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Information, "Stopped; {Count} events wait in the spool.")]
    public static partial void Stopped(ILogger logger, long count);

    [LoggerMessage(207, LogLevel.Error, "Unexpected error; delivery continues from the spool.")]
    public static partial void Failed(ILogger logger, Exception failure);
}
