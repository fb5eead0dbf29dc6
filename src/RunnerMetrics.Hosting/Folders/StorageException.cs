namespace RunnerMetrics.Hosting.Folders;

/// <summary>Kept files cannot be opened or read. The message says where, what is wrong, and what to do.</summary>
public sealed class StorageException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it came from.</summary>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
