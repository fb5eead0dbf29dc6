namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What is known of a run.</summary>
/// <param name="createdAt">When it was created.</param>
internal sealed class RunLook(DateTimeOffset createdAt)
{
    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The latest attempt that is known.</summary>
    public int Attempt { get; set; }

    /// <summary>When it last changed, as of the last look.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Whether all of its jobs were told of to their end.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The attempts of which every job was told of to its end.</summary>
    public HashSet<int> DoneAttempts { get; } = [];

    /// <summary>The furthest state of each job that was told of.</summary>
    public Dictionary<long, string> Told { get; } = [];
}
