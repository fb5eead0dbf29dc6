using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Exporter.Store;

/// <summary>Which deployments. A deployment's time is that of its first event.</summary>
internal sealed record DeploymentQuery : HistoryQuery
{
    /// <summary>The environment's name.</summary>
    public string? Environment { get; init; }

    /// <summary>How far it has come.</summary>
    public DeploymentState? State { get; init; }
}
