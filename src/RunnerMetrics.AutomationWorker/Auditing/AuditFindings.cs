namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>What an audit found.</summary>
/// <param name="Commits">Commits that were not seen before; those from before the first audit do not count.</param>
/// <param name="Markers">Completion markers that were not seen before.</param>
/// <param name="Coverage">Lines covered, from 0 to 100; null where none was measured.</param>
/// <param name="IsComplete">Whether every analysis came to its end.</param>
internal sealed record AuditFindings(int Commits, int Markers, double? Coverage, bool IsComplete);
