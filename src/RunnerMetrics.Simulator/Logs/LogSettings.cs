namespace RunnerMetrics.Simulator.Logs;

/// <summary>Where and how logs are written.</summary>
/// <param name="Folder">The <c>_diag</c> folder.</param>
/// <param name="PageBytes">The size of a page.</param>
/// <param name="Flushes">Whether each line is on disk before the next.</param>
internal sealed record LogSettings(string Folder, int PageBytes, bool Flushes)
{
    /// <summary>Begins the log of a new process.</summary>
    public DiagnosticLog Open(string prefix, TimeProvider time) => new(Folder, prefix, time, PageBytes, Flushes);
}
