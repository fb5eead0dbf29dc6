using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store;

/// <summary>How many jobs and deployments there are, as of one moment.</summary>
/// <param name="Conclusions">How many jobs ended in each way, of those whose first moment counts. Each number stops at <see cref="Most"/>.</param>
/// <param name="Reasons">Whose fault the failures among them were.</param>
/// <param name="Open">The jobs that wait or run.</param>
/// <param name="Deployments">How many deployments are in each state, of those whose first moment counts.</param>
internal sealed record HistoryCounts(
    IReadOnlyDictionary<JobConclusion, int> Conclusions, IReadOnlyDictionary<JobFailureReason, int> Reasons, IReadOnlyList<OpenJobCount> Open,
    IReadOnlyDictionary<DeploymentState, int> Deployments)
{
    /// <summary>Where counting ends: a number that is this large may be larger.</summary>
    public const int Most = 200_000;

    /// <summary>Whether every number is whole.</summary>
    public bool IsWhole => Conclusions.Values.All(count => count < Most);
}
