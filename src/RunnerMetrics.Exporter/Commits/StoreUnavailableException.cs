namespace RunnerMetrics.Exporter.Commits;

/// <summary>Something could not be made durable now: whoever sent it is to keep it and try again.</summary>
internal sealed class StoreUnavailableException(string message, bool isFull) : Exception(message)
{
    /// <summary>Whether the disk is full.</summary>
    public bool IsFull { get; } = isFull;
}
