using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

internal static partial class DiagnosticsLog
{
    [LoggerMessage(100, LogLevel.Warning, "Cannot read {Path}: {Problem} Let the agent's user read it (the runner's own user can); the other files are read meanwhile, and this one is tried again.")]
    public static partial void FileUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(101, LogLevel.Information, "There is no {Path} yet: waiting for the runner to make it.")]
    public static partial void DirectoryAbsent(ILogger logger, string path);

    [LoggerMessage(102, LogLevel.Warning, "Cannot list {Path}: {Problem} Let the agent's user read the folder; it is tried again.")]
    public static partial void DirectoryUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(105, LogLevel.Information, "A log that could not be read can be read now: reading {Path} again from its start.")]
    public static partial void ReadingAgain(ILogger logger, string path);

    [LoggerMessage(106, LogLevel.Warning, "A log was cut short or replaced: reading {Path} again from its start. What was delivered before is not counted again.")]
    public static partial void FileReplaced(ILogger logger, string path);

    [LoggerMessage(107, LogLevel.Warning, "The log {File}, where reading was to go on, is gone: reading {Path} from its start. What was delivered before is not counted again.")]
    public static partial void PlaceGone(ILogger logger, string file, string path);
}
