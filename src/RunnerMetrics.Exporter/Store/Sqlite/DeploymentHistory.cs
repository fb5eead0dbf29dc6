using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>Keeps one row a deployment, in the transaction of the event that speaks of it.</summary>
internal sealed class DeploymentHistory(SqliteConnection connection) : IDisposable
{
    // Success and failure are final: what is told later of an earlier state fills in what was not known.
    private readonly Statement _write = new(connection, """
        INSERT INTO deployment (at, host, repository, deployment_id, environment, state, sha, head_committed_at, oldest_committed_at, finished_at, rework)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (host, repository, deployment_id) DO UPDATE SET
          environment = iif(environment = '', excluded.environment, environment),
          state = iif(state >= 3, state, max(state, excluded.state)),
          sha = iif(sha = '', excluded.sha, sha),
          head_committed_at = coalesce(head_committed_at, excluded.head_committed_at),
          oldest_committed_at = coalesce(oldest_committed_at, excluded.oldest_committed_at),
          finished_at = coalesce(finished_at, excluded.finished_at),
          rework = max(rework, excluded.rework)
        """);

    public void Write(DeploymentChanged changed)
    {
        var deployment = changed.Deployment;
        var finishedAt = deployment.FinishedAt ?? (deployment.State >= DeploymentState.Success ? changed.OccurredAt : null);
        _write.Execute(
            changed.OccurredAt.ToUnixTimeMilliseconds(), GitHubServer.HostOf(deployment.ServerUrl), deployment.Repository.ToString(), deployment.Id, deployment.Environment.ToString(), (int)deployment.State,
            deployment.Sha.ToString(), deployment.HeadCommittedAt?.ToUnixTimeMilliseconds(), deployment.OldestCommittedAt?.ToUnixTimeMilliseconds(), finishedAt?.ToUnixTimeMilliseconds(),
            deployment.IsRework ? 1 : 0);
    }

    public void Dispose() => _write.Dispose();
}
