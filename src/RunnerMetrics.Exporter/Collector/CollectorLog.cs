namespace RunnerMetrics.Exporter.Collector;

internal static partial class CollectorLog
{
    [LoggerMessage(1, LogLevel.Error, "A batch of events could not be handled; its sender got UNKNOWN, and keeps it")]
    public static partial void Failed(ILogger logger, Exception failure);
}
