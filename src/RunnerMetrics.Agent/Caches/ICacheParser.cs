using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>Counts what a tool's cache served, by the tool's own output. What the output does not say is not counted.</summary>
internal interface ICacheParser
{
    /// <summary>Reads one line, without its end.</summary>
    void Read(ReadOnlySpan<byte> line);

    /// <summary>What was counted.</summary>
    CacheCount Count { get; }

    /// <summary>The tool's lines that could not be read, and may be missing in what was counted.</summary>
    UnknownLines Unknown { get; }

    /// <summary>What to do where the output cannot be read.</summary>
    string Remedy { get; }
}
