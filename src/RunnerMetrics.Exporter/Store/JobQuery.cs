using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store;

/// <summary>Which jobs. A job's time is the first that is known of it.</summary>
internal sealed record JobQuery : HistoryQuery
{
    /// <summary>The runner's scope, such as <c>github.com/acme</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>The runner's name.</summary>
    public string? RunnerName { get; init; }

    /// <summary>The runner's type.</summary>
    public string? RunnerType { get; init; }

    /// <summary>The workflow's name.</summary>
    public string? Workflow { get; init; }

    /// <summary>How the job ended.</summary>
    public JobConclusion? Conclusion { get; init; }

    /// <summary>Whose fault a failure was.</summary>
    public JobFailureReason? Reason { get; init; }

    /// <summary>How far the job has come at least.</summary>
    public WorkflowJobState? LeastState { get; init; }

    /// <summary>How far the job has come at most.</summary>
    public WorkflowJobState? MostState { get; init; }

    /// <summary>What the names of its runner, repository, workflow or its own contain, in whichever case of ASCII's letters.</summary>
    public string? Text { get; init; }

    /// <summary>Only those that wait or run.</summary>
    public bool OnlyOpen { get; init; }
}
