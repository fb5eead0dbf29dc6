namespace RunnerMetrics.Exporter.Journal;

/// <summary>How large the parts of a journal grow.</summary>
internal sealed record JournalOptions
{
    /// <summary>A snapshot is taken, and older segments go, when the segments behind the last one have so many bytes.</summary>
    public long SnapshotAfter { get; init; } = 32 * 1024 * 1024;

    /// <summary>Whether damage in the middle is set aside instead of stopping the start.</summary>
    public bool Repair { get; init; }
}
