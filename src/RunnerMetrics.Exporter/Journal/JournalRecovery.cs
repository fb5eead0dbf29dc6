namespace RunnerMetrics.Exporter.Journal;

/// <summary>What opening a journal found.</summary>
internal sealed class JournalRecovery
{
    /// <summary>How many commits were read behind the snapshot.</summary>
    public int Commits { get; set; }

    /// <summary>How many bytes they have.</summary>
    public long ReplayedBytes { get; set; }

    /// <summary>How many events and runners were left out, because the limits are lower than they were when they were kept.</summary>
    public int LeftOut { get; set; }

    /// <summary>How many bytes of a torn last write were cut off; nobody was told of what they said.</summary>
    public long CutBytes { get; set; }

    /// <summary>How many bytes of damage were stepped over by --repair.</summary>
    public long SkippedBytes { get; set; }

    /// <summary>The segments that are not there, which --repair went on without.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>Whether --repair had something to do.</summary>
    public bool IsRepaired => SetAside.Count > 0 || Missing.Count > 0;

    /// <summary>The files that --repair set aside, under the names that they have now.</summary>
    public List<string> SetAside { get; } = [];
}
