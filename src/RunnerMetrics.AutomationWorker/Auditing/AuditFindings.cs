using System.Globalization;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>What an audit found.</summary>
/// <param name="Commits">Commits that were not seen before; those from before the first audit do not count. Null if git could not tell.</param>
/// <param name="Markers">Completion markers that were not seen before; null if a document could not be read.</param>
/// <param name="Coverage">Lines covered, from 0 to 100; null if none was measured.</param>
/// <param name="IsComplete">Whether every analysis came to its end.</param>
internal sealed record AuditFindings(int? Commits, int? Markers, double? Coverage, bool IsComplete)
{
    /// <summary>The findings as lines for people.</summary>
    public override string ToString() =>
        $"new commits: {Format(Commits)}\nnew completion markers: {Format(Markers)}\ncoverage: {(Coverage is null ? Format(null) : Format(Coverage) + " %")}\n";

    private static string Format(double? number) => number?.ToString("0.##", CultureInfo.InvariantCulture) ?? "not measured";
}
