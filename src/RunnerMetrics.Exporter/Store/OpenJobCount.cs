using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store;

/// <summary>How many jobs of one type of runner are as far as this.</summary>
/// <param name="State">Waiting, queued or in progress.</param>
/// <param name="RunnerType">The type of their runner, or the one that they ask for.</param>
/// <param name="Count">How many.</param>
/// <param name="OldestAt">The earliest moment since which one of them waits, or else is known.</param>
internal sealed record OpenJobCount(WorkflowJobState State, string RunnerType, int Count, DateTimeOffset OldestAt);
