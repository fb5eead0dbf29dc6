using RunnerMetrics.Simulator.GitHub;

namespace RunnerMetrics.Simulator.Running;

/// <summary>How a job left its runner.</summary>
/// <param name="Job">The job, as a truthful reader sees it.</param>
/// <param name="ExitCode">The worker's exit code; null if no process was left to see it.</param>
/// <param name="RunnerStopped">Whether the runner was told to stop while it ran.</param>
/// <param name="Steps">What the runner told GitHub of its steps.</param>
internal sealed record JobEnd(SimulatedJob Job, int? ExitCode, bool RunnerStopped, IReadOnlyList<WorkflowStep> Steps);
