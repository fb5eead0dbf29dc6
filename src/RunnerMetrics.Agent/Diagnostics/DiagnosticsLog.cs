using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

internal static partial class DiagnosticsLog
{
    [LoggerMessage(100, LogLevel.Warning, "Cannot read {Path}: {Problem} Let the agent's user read it (the runner's own user can); the other files are read meanwhile, and this one is retried.")]
    public static partial void FileUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(101, LogLevel.Information, "There is no {Path} yet: waiting for the runner to create it.")]
    public static partial void DirectoryAbsent(ILogger logger, string path);

    [LoggerMessage(102, LogLevel.Warning, "Cannot list {Path}: {Problem} Let the agent's user read the folder; the agent retries.")]
    public static partial void DirectoryUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(105, LogLevel.Information, "A log that could not be read can be read now: reading {Path} again from its start.")]
    public static partial void ReadingAgain(ILogger logger, string path);

    [LoggerMessage(106, LogLevel.Warning, "A log was truncated or replaced: reading {Path} again from its start. What was delivered before is not counted again.")]
    public static partial void FileReplaced(ILogger logger, string path);

    [LoggerMessage(107, LogLevel.Warning, "The log {File}, where reading was to continue, is missing in {Path}: the other logs are read, and what was delivered before is not counted again. A runner that writes to a removed file cannot be seen until it writes another one: restart it, and leave {Path} to it.")]
    public static partial void PlaceGone(ILogger logger, string file, string path);

    [LoggerMessage(108, LogLevel.Warning, "{Path} holds {Count} logs of one kind, more than a runner writes: only the {Limit} newest by name are read. Remove the others.")]
    public static partial void TooManyFiles(ILogger logger, string path, int count, int limit);

    [LoggerMessage(109, LogLevel.Warning, "{Path} was removed while the runner writes there: files that are already open are still read until the agent is restarted. Leave the folder to the runner, which removes old logs itself.")]
    public static partial void DirectoryWiped(ILogger logger, string path);

    [LoggerMessage(110, LogLevel.Warning, "Logs in {Path} were removed while the runner writes to them: they are still read while this agent runs. After a restart of the agent the runner cannot be seen until it writes another file. Leave the folder to the runner, which removes old logs itself.")]
    public static partial void LogRemoved(ILogger logger, string path);
}
