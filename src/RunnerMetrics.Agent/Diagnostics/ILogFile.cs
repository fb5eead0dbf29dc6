namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>The lines of one log file, pulled one at a time while it is being written.</summary>
internal interface ILogFile : IDisposable
{
    /// <summary>The line read last, without its end, cut at a limit; valid until the next read.</summary>
    ReadOnlySpan<byte> Line { get; }

    /// <summary>The byte at which the line read last begins.</summary>
    long Start { get; }

    /// <summary>The byte at which the next line begins.</summary>
    long Next { get; }

    /// <summary>Whether the file is shorter than what was read of it: then it is another file, and no position in it is known.</summary>
    bool IsStale { get; }

    /// <summary>Moves to the next complete line, if there is one.</summary>
    /// <param name="within">About how many bytes of the file are looked at for it.</param>
    bool Read(long within = long.MaxValue);

    /// <summary>Moves behind the last line's end, where nothing more will be written.</summary>
    bool ReadRest();

    /// <summary>Whether a process holds the file open for writing, as its lock tells; null if that cannot be told.</summary>
    bool? IsHeld();
}
