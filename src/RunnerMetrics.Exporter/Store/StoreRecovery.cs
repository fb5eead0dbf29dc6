namespace RunnerMetrics.Exporter.Store;

/// <summary>What opening a store found.</summary>
internal sealed class StoreRecovery
{
    /// <summary>How many commits were read behind the snapshot.</summary>
    public int Commits { get; set; }

    /// <summary>How many bytes they have.</summary>
    public long ReplayedBytes { get; set; }

    /// <summary>How many events and runners were left out, because the limits are lower than they were when they were kept.</summary>
    public int LeftOut { get; set; }

    /// <summary>How many bytes of a torn last transaction were dropped; they were never acknowledged.</summary>
    public long CutBytes { get; set; }

    /// <summary>Whether the store ends before the last commit that it is known to have held: it is an earlier copy.</summary>
    public bool IsBehindMark { get; set; }

    /// <summary>When a start last found that; null if none did.</summary>
    public DateTimeOffset? RestoredAt { get; set; }
}
