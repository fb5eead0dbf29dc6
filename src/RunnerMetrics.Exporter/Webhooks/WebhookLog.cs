namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is logged of webhooks: never a secret, never a payload.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(1, LogLevel.Warning, "The delivery {Delivery} ({Event}) was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string delivery, string @event, string reason);

    [LoggerMessage(2, LogLevel.Debug, "A delivery to /webhooks/github was not let in: {Reason}")]
    public static partial void NotLetIn(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The delivery {Delivery} ({Event}) has something unknown: {Remark}")]
    public static partial void New(ILogger logger, string delivery, string @event, string remark);
}
