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

    /// <summary>Whether the file is shorter than what was read of it: then it is another one, and no place in it is known.</summary>
    bool IsStale { get; }

    /// <summary>Moves to the next whole line, where there is one.</summary>
    /// <param name="within">About how many bytes of the file are looked at for it.</param>
    bool Read(long within = long.MaxValue);

    /// <summary>Moves to what stands behind the last line's end, where nobody will write on.</summary>
    bool ReadRest();

    /// <summary>Whether a process holds the file open for writing, as its lock tells; null where that cannot be told.</summary>
    bool? IsHeld();
}
