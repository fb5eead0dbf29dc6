using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Exporter.Store;

/// <summary>A deployment as the history has it. What is not known is empty or null.</summary>
internal sealed record HistoryDeployment
{
    /// <summary>Its place in the history.</summary>
    public required HistoryCursor Place { get; init; }

    /// <summary>GitHub's host, such as <c>github.com</c>.</summary>
    public required string Host { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Its id, unique in its repository.</summary>
    public required string Id { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>How far it has come.</summary>
    public required DeploymentState State { get; init; }

    /// <summary>The commit.</summary>
    public required string Sha { get; init; }

    /// <summary>When the commit was made.</summary>
    public DateTimeOffset? HeadCommittedAt { get; init; }

    /// <summary>When the oldest commit was made that it shipped first.</summary>
    public DateTimeOffset? OldestCommittedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether it was made to fix an earlier one.</summary>
    public required bool IsRework { get; init; }
}
