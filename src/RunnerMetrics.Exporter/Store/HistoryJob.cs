using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store;

/// <summary>A job as the history has it. What is not known is empty, 0 or null.</summary>
internal sealed record HistoryJob
{
    /// <summary>Its place in the history.</summary>
    public required HistoryCursor Place { get; init; }

    /// <summary>The runner's scope.</summary>
    public required string Scope { get; init; }

    /// <summary>The runner's name; empty while the job waits.</summary>
    public required string RunnerName { get; init; }

    /// <summary>The runner's type, or the one that is asked for.</summary>
    public required string RunnerType { get; init; }

    /// <summary>GitHub's host, such as <c>github.com</c>.</summary>
    public required string Host { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run that it is of.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's attempt.</summary>
    public required int RunAttempt { get; init; }

    /// <summary>Its check run.</summary>
    public required long CheckRunId { get; init; }

    /// <summary>How far it has come.</summary>
    public required WorkflowJobState State { get; init; }

    /// <summary>When it was queued, by GitHub's word.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When a runner took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its own first step began.</summary>
    public DateTimeOffset? StepsStartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How it ended, as it was told first.</summary>
    public JobConclusion? Conclusion { get; init; }

    /// <summary>The reason of a failure.</summary>
    public JobFailureReason? Reason { get; init; }
}
