using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Reading;

internal static partial class ReadingLog
{
    [LoggerMessage(1, LogLevel.Information, "Following {Diag} (type {RunnerType}; hook folder {Hooks}), reporting to {Collector}; events that wait are kept in {Spool}.")]
    public static partial void Following(ILogger logger, string diag, string runnerType, string hooks, Uri collector, string spool);

    [LoggerMessage(3, LogLevel.Error, "There is no folder {Diag}. Give --diag the runner's _diag folder; with --once it must exist.")]
    public static partial void NoDiag(ILogger logger, string diag);

    [LoggerMessage(4, LogLevel.Error, "The collector {Collector} did not accept all events within {Seconds} s. The rest is kept in the spool: run the agent again when the collector is back.")]
    public static partial void NotDelivered(ILogger logger, Uri collector, double seconds);

    [LoggerMessage(6, LogLevel.Error, "Reading the logs failed; the agent retries.")]
    public static partial void RoundFailed(ILogger logger, Exception failure);

    [LoggerMessage(7, LogLevel.Error, "The spool must be opened again: {Problem}")]
    public static partial void SpoolLost(ILogger logger, string problem);

    [LoggerMessage(8, LogLevel.Error, "The spool {Spool} cannot be written, so nothing can be delivered safely: free disk space, and run the agent again.")]
    public static partial void NotSpooled(ILogger logger, string spool);

    [LoggerMessage(11, LogLevel.Error, "Unexpected error; the agent continues from its spool.")]
    public static partial void Failed(ILogger logger, Exception failure);

    [LoggerMessage(12, LogLevel.Information, "The runner is {RunnerName} of {Scope}; it {Work}.")]
    public static partial void RunnerIs(ILogger logger, string runnerName, string scope, string work);

    [LoggerMessage(13, LogLevel.Warning, "The runner's own settings call it {RunnerName}, and --runner-name or RUNNER_NAME says {Given}: it is reported as {RunnerName}. Leave the option out, or give it the name that the runner was registered with.")]
    public static partial void NameDiffers(ILogger logger, string runnerName, string given);

    [LoggerMessage(14, LogLevel.Error, "{Problem} Nothing is reported until then, and nothing is lost.")]
    public static partial void RunnerUnknown(ILogger logger, string problem);
}
