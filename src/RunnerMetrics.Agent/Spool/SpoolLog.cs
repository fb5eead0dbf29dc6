using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Spool;

internal static partial class SpoolLog
{
    [LoggerMessage(300, LogLevel.Error, "Cannot write to the spool in {Folder}: {Problem} The agent reads no more logs until a retry succeeds.")]
    public static partial void NotWritable(ILogger logger, string folder, string problem);

    [LoggerMessage(301, LogLevel.Information, "The spool in {Folder} is writable again.")]
    public static partial void WritableAgain(ILogger logger, string folder);

    [LoggerMessage(302, LogLevel.Warning, "Dropped {Bytes} bytes of a torn last write to the spool; their events are read from the logs again.")]
    public static partial void TornTail(ILogger logger, long bytes);

    [LoggerMessage(303, LogLevel.Error, "The spool in {Folder} was damaged: {Bytes} bytes cannot be read. The rest is kept, the file is renamed to {SetAside}, and the logs are read again from before the damage.")]
    public static partial void Damaged(ILogger logger, string folder, long bytes, string setAside);

    [LoggerMessage(304, LogLevel.Error, "Dropped {Count} events that no collector accepted within {Days} days; {Total} so far. Check the collector.")]
    public static partial void Dropped(ILogger logger, ulong count, double days, ulong total);

    [LoggerMessage(305, LogLevel.Warning, "The spool in {Folder} is full with {Bytes} bytes: no more logs are read until the collector accepts its events.")]
    public static partial void Full(ILogger logger, string folder, long bytes);

    [LoggerMessage(306, LogLevel.Error, "Cannot write event {EventId}, which the collector rejected ({Reason}), to {File}: {Problem}")]
    public static partial void NoDeadLetter(ILogger logger, string eventId, string reason, string file, string problem);

    [LoggerMessage(307, LogLevel.Error, "The spool in {Folder} was written by another version of the agent (format {Format}): it is renamed to {SetAside}, and the logs are read again from the beginning.")]
    public static partial void OtherVersion(ILogger logger, string folder, int format, string setAside);

    [LoggerMessage(308, LogLevel.Error, "Cannot read from the spool in {Folder}: {Problem} The agent retries.")]
    public static partial void NotReadable(ILogger logger, string folder, string problem);
}
