namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>The lines of a stream of log files, in the files' order, pulled one at a time.</summary>
internal interface ILineSource
{
    /// <summary>The line read last, without its end, cut at the source's limit; valid until the next read.</summary>
    ReadOnlySpan<byte> Line { get; }

    /// <summary>Where the line read last begins.</summary>
    LogPosition Start { get; }

    /// <summary>Where the next line begins.</summary>
    LogPosition Next { get; }

    /// <summary>Moves to the next line, if there is one.</summary>
    LineRead Read();
}
