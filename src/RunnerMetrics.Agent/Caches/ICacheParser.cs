namespace RunnerMetrics.Agent.Caches;

/// <summary>Counts what a tool's cache served, by the tool's own output. What the output does not say is not counted.</summary>
internal interface ICacheParser
{
    /// <summary>Reads one line, without its end.</summary>
    void Read(ReadOnlySpan<byte> line);

    /// <summary>What was counted.</summary>
    CacheCount Count { get; }
}
