namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A runner's _diag folder: on disk, or in a test.</summary>
internal interface ILogFolder
{
    /// <summary>Where it is, for messages.</summary>
    string Path { get; }

    /// <summary>Changes whenever a name comes or goes.</summary>
    int Version { get; }

    /// <summary>The names of the log files of a kind, in ordinal order, which is that of their times if no clock was set back.</summary>
    ReadOnlySpan<string> Names(LogKind kind);

    /// <summary>Opens a file at a byte where a line begins; null if it cannot be read, which is logged once and retried later.</summary>
    ILogFile? Open(string name, long offset);

    /// <summary>Whether a listener process of this runner can be seen. If none is visible, that proves nothing: it may run where the agent cannot see it.</summary>
    bool HasListener();
}
