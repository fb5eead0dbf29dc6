namespace RunnerMetrics.Exporter.Journal;

/// <summary>A journal cannot be opened or read. The message says where, what is wrong, and what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it came from.</summary>
    public JournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
