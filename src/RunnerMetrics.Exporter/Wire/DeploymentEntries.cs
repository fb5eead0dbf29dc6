using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using DomainCommit = RunnerMetrics.Domain.Deployments.Commit;
using DomainSeen = RunnerMetrics.Domain.Events.CommitsSeen;
using EntrySeen = RunnerMetrics.Exporter.Wire.V1.CommitsSeen;
using WireDeployment = RunnerMetrics.Contracts.V1.Deployment;

namespace RunnerMetrics.Exporter.Wire;

/// <summary>Turns what GitHub says of deployments and commits into entries, and entries back.</summary>
internal static class DeploymentEntries
{
    /// <summary>A deployment reported by GitHub, as a pipeline would have reported it.</summary>
    public static Event ToWire(DeploymentChanged changed)
    {
        var deployment = changed.Deployment;
        return new Event
        {
            EventId = changed.EventId,
            OccurredAt = changed.OccurredAt.ToTimestamp(),
            Deployment = new WireDeployment
            {
                DeploymentId = deployment.Id,
                ServerUrl = deployment.ServerUrl,
                Repository = deployment.Repository,
                Environment = deployment.Environment,
                State = deployment.State switch
                {
                    DeploymentState.Pending => WireDeployment.Types.State.Pending,
                    DeploymentState.InProgress => WireDeployment.Types.State.InProgress,
                    DeploymentState.Success => WireDeployment.Types.State.Success,
                    _ => WireDeployment.Types.State.Failure,
                },
                Sha = deployment.Sha,
                HeadCommittedAt = deployment.HeadCommittedAt?.ToTimestamp(),
                OldestCommittedAt = deployment.OldestCommittedAt?.ToTimestamp(),
                FinishedAt = deployment.FinishedAt?.ToTimestamp(),
                Rework = deployment.IsRework,
            },
        };
    }

    public static EntrySeen ToEntry(DomainSeen seen)
    {
        var entry = new EntrySeen { EventId = seen.EventId, OccurredAt = seen.OccurredAt.ToTimestamp(), ServerUrl = seen.ServerUrl, Repository = seen.Repository };
        entry.Commits.AddRange(seen.Commits.Select(commit => new EntrySeen.Types.Commit { Sha = commit.Sha, CommittedAt = commit.CommittedAt.ToTimestamp() }));
        return entry;
    }

    public static DomainSeen FromEntry(EntrySeen entry) => new(
        entry.EventId, entry.OccurredAt.ToDateTimeOffset(), entry.ServerUrl, RepositoryName.Kept(entry.Repository),
        [.. entry.Commits.Select(commit => new DomainCommit(CommitSha.Kept(commit.Sha), commit.CommittedAt.ToDateTimeOffset()))]);
}
