using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Hooks;

internal static partial class HookLog
{
    [LoggerMessage(300, LogLevel.Warning, "The hook folder {Folder} cannot be used: {Problem} The agent's user needs to read and remove files there; until then jobs are reported without the data of hooks.")]
    public static partial void FolderTrouble(ILogger logger, string folder, string problem);

    [LoggerMessage(301, LogLevel.Warning, "{File} in the hook folder is not a valid hook file; it is removed without being used.")]
    public static partial void NotAReport(ILogger logger, string file);
}
