using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>Counts a cache's hits and misses from the tool's output. What the output does not contain is not counted.</summary>
internal interface ICacheParser
{
    /// <summary>Reads one line, without its end.</summary>
    void Read(ReadOnlySpan<byte> line);

    /// <summary>What was counted.</summary>
    CacheCount Count { get; }

    /// <summary>The tool's lines that could not be read and may be missing in the counts.</summary>
    UnknownLines Unknown { get; }

    /// <summary>What to do if the output cannot be read.</summary>
    string Remedy { get; }
}
