using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Deployments;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>A row of the table of deployments.</summary>
internal static class DeploymentRow
{
    public const string Columns = "id, at, host, repository, deployment_id, environment, state, sha, head_committed_at, oldest_committed_at, finished_at, rework";

    public const int ColumnCount = 12;

    public static HistoryDeployment Read(SqliteDataReader row) => new()
    {
        Place = new HistoryCursor(row.GetInt64(1), row.GetInt64(0)),
        Host = row.GetString(2),
        Repository = row.GetString(3),
        Id = row.GetString(4),
        Environment = row.GetString(5),
        State = (DeploymentState)row.GetInt32(6),
        Sha = row.GetString(7),
        HeadCommittedAt = TimeAt(row, 8),
        OldestCommittedAt = TimeAt(row, 9),
        FinishedAt = TimeAt(row, 10),
        IsRework = row.GetInt64(11) != 0,
    };

    private static DateTimeOffset? TimeAt(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
