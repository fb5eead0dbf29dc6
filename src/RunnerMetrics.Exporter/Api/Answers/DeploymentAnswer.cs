using System.ComponentModel;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A deployment. What is not known is absent.</summary>
internal sealed record DeploymentAnswer
{
    [Description("Its id, unique in its repository.")]
    public required string Id { get; init; }

    [Description("owner/name.")]
    public required string Repository { get; init; }

    [Description("The environment's name.")]
    public string? Environment { get; init; }

    [Description("pending, in_progress, success or failure: of the deployment's own run.")]
    public required string State { get; init; }

    [Description("The commit.")]
    public string? Sha { get; init; }

    [Description("When it was first told of.")]
    public required DateTimeOffset ToldAt { get; init; }

    [Description("When the commit was made.")]
    public DateTimeOffset? CommittedAt { get; init; }

    [Description("When the oldest commit was made that it shipped first.")]
    public DateTimeOffset? OldestCommittedAt { get; init; }

    [Description("When it ended.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("Whether it was made to mend an earlier one.")]
    public required bool Rework { get; init; }

    [Description("GitHub's page of the commit.")]
    public string? Url { get; init; }

    public static DeploymentAnswer Of(HistoryDeployment deployment) => new()
    {
        Id = deployment.Id,
        Repository = deployment.Repository,
        Environment = KnownText.OrNull(deployment.Environment),
        State = WordOf(deployment.State),
        Sha = KnownText.OrNull(deployment.Sha),
        ToldAt = DateTimeOffset.FromUnixTimeMilliseconds(deployment.Place.At),
        CommittedAt = deployment.HeadCommittedAt,
        OldestCommittedAt = deployment.OldestCommittedAt,
        FinishedAt = deployment.FinishedAt,
        Rework = deployment.IsRework,
        Url = GitHubLinks.CommitOf(deployment.Host, deployment.Repository, deployment.Sha),
    };

    public static string WordOf(DeploymentState state) => state switch
    {
        DeploymentState.Pending => "pending",
        DeploymentState.InProgress => "in_progress",
        DeploymentState.Success => "success",
        _ => "failure",
    };
}
