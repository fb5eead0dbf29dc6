namespace RunnerMetrics.Exporter.Commits;

internal static partial class CommitLog
{
    [LoggerMessage(1, LogLevel.Information, "Read the store in {Folder}: {Commits} commits behind the last snapshot")]
    public static partial void Recovered(ILogger logger, string folder, int commits);

    [LoggerMessage(2, LogLevel.Warning, "Left out {Bytes} bytes of a torn last write; nobody was told that they were kept")]
    public static partial void TornTail(ILogger logger, long bytes);

    [LoggerMessage(10, LogLevel.Warning, "The store in {Folder} is an earlier copy, or has lost commits: it ends before the last commit that it is known to have held. Counters step back once, and what was acknowledged since that copy is gone")]
    public static partial void Restored(ILogger logger, string folder);

    [LoggerMessage(9, LogLevel.Warning, "The limits are lower than they were: {Count} events and runners that were kept are over them now, and were left out")]
    public static partial void LeftOut(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Error, "The journal cannot be written ({Problem}): nothing is acknowledged until it can")]
    public static partial void NotWritable(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Information, "The journal can be written again")]
    public static partial void WritableAgain(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "No snapshot could be written ({Problem}); the journal goes on without, and another try follows")]
    public static partial void NoSnapshot(ILogger logger, string problem);

    [LoggerMessage(7, LogLevel.Warning, "Nothing is kept: without --data a restart begins at 0")]
    public static partial void NothingKept(ILogger logger);
}
