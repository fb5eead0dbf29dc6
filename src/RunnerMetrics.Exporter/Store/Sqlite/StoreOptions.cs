namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>How a store is kept.</summary>
internal sealed record StoreOptions
{
    /// <summary>A snapshot is taken, and the commits before it go, when the commits behind the last one have so many bytes.</summary>
    public long SnapshotAfter { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many bytes of a snapshot are written in one step.</summary>
    public int ChunkLength { get; init; } = 256 * 1024;

    /// <summary>Whether jobs and deployments are kept one by one.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>For how long a job or a deployment is in the history.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many bytes of the file may be in use before the oldest history is deleted.</summary>
    public long HistoryBytes { get; init; } = 2L * 1024 * 1024 * 1024;
}
