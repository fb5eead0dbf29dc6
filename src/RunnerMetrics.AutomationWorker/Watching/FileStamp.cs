namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>What tells one state of a file from another.</summary>
/// <param name="Ticks">When it was last written.</param>
/// <param name="Length">Its size.</param>
internal readonly record struct FileStamp(long Ticks, long Length);
