namespace RunnerMetrics.Exporter.Commits;

/// <summary>Something could not be made durable now: the sender must keep it and retry.</summary>
internal sealed class StoreUnavailableException(string message, bool isFull) : Exception(message)
{
    /// <summary>Whether the disk is full.</summary>
    public bool IsFull { get; } = isFull;
}
