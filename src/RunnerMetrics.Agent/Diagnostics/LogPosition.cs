namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A place in a stream of log files: a file's name and the byte at which a line begins.</summary>
internal readonly record struct LogPosition(string File, long Offset);
