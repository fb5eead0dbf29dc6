using RunnerMetrics.Domain.Events;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>What became of one item that was submitted.</summary>
/// <param name="Outcome">What the state made of it.</param>
/// <param name="Reason">With <see cref="ApplyOutcome.Deferred"/>: why, and what makes room.</param>
internal readonly record struct CommitResult(ApplyOutcome Outcome, string? Reason = null);
