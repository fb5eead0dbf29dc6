namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>What is asked of a folder or of a file in it.</summary>
internal enum StorageOperation
{
    Create,
    Append,
    Write,
    Sync,
    Truncate,
    Rename,
    Delete,
    SyncFolder,
}
