namespace RunnerMetrics.Exporter.Commits;

internal static partial class CommitLog
{
    [LoggerMessage(1, LogLevel.Information, "Read the store in {Folder}: {Commits} commits after the last snapshot")]
    public static partial void Recovered(ILogger logger, string folder, int commits);

    [LoggerMessage(2, LogLevel.Warning, "Dropped {Bytes} bytes of a torn last write; they were never acknowledged")]
    public static partial void TornTail(ILogger logger, long bytes);

    [LoggerMessage(10, LogLevel.Warning, "The store in {Folder} is an earlier copy, or has lost commits: it ends before the last commit that it is known to have held. Counters go back once, and events acknowledged since that copy are lost")]
    public static partial void Restored(ILogger logger, string folder);

    [LoggerMessage(9, LogLevel.Warning, "The limits are lower than before: {Count} stored events and runners exceed them, and were dropped")]
    public static partial void LeftOut(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Error, "The journal cannot be written ({Problem}): nothing is acknowledged until it is writable")]
    public static partial void NotWritable(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Information, "The journal is writable again")]
    public static partial void WritableAgain(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "No snapshot could be written ({Problem}); the journal continues without it, and the exporter retries")]
    public static partial void NoSnapshot(ILogger logger, string problem);

    [LoggerMessage(7, LogLevel.Warning, "Nothing is stored: without --data a restart begins at 0")]
    public static partial void NothingKept(ILogger logger);
}
