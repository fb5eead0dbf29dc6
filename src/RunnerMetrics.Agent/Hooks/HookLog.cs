using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Hooks;

internal static partial class HookLog
{
    [LoggerMessage(300, LogLevel.Warning, "The hook folder {Folder} gives trouble: {Problem} The agent's user needs to read and remove files there; until then jobs are reported without what the hooks add.")]
    public static partial void FolderTrouble(ILogger logger, string folder, string problem);

    [LoggerMessage(301, LogLevel.Warning, "{File} in the hook folder is not what a hook writes; it is removed unused.")]
    public static partial void NotAReport(ILogger logger, string file);
}
