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
}
