using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent;

internal static partial class AgentLog
{
    [LoggerMessage(2, LogLevel.Error, "Cannot use the folder {Spool}: {Problem}")]
    public static partial void SpoolUnusable(ILogger logger, string spool, string problem);
}
