using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A page of deployments.</summary>
internal sealed record DeploymentsAnswer
{
    [Description("The deployments.")]
    public required IReadOnlyList<DeploymentAnswer> Items { get; init; }

    [Description("What after is to be for the next page; absent where nothing is left.")]
    public string? Next { get; init; }
}
