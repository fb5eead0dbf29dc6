using System.Globalization;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Simulator.CommandLine;

/// <summary>What the program says of each job that it ran.</summary>
internal static class JobReport
{
    /// <summary>Writes one line: <c>2026-11-21 00:22:47Z failed (job) in 4 s: test (22)</c></summary>
    public static void Write(SimulatedJob job) => Console.Out.WriteLine(Line(job));

    internal static string Line(SimulatedJob job)
    {
        var conclusion = job.Conclusion.ToString().ToLowerInvariant() + (job.FailureReason is { } reason ? $" ({reason.ToString().ToLowerInvariant()})" : string.Empty);
        return job.CompletedAt is { } completedAt
            ? string.Create(CultureInfo.InvariantCulture, $"{completedAt:u} {conclusion} in {(completedAt - job.StartedAt).TotalSeconds:0} s: {job.Name}")
            : string.Create(CultureInfo.InvariantCulture, $"{job.StartedAt:u} {conclusion}, started then: {job.Name}");
    }
}
