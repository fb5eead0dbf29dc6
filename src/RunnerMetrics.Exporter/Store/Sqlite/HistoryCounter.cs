using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>Counts the tables that the writer fills. What is counted over a span of time is counted in an index alone, and no further than <see cref="HistoryCounts.Most"/>.</summary>
internal static class HistoryCounter
{
    private static readonly string Limit = FormattableString.Invariant($"LIMIT {HistoryCounts.Most}");

    /// <summary>How many jobs ended in one way.</summary>
    public static readonly string Conclusions = $"SELECT count(*) FROM (SELECT 1 FROM job WHERE conclusion = $1 AND at >= $2 {Limit})";

    /// <summary>How many failed by one fault.</summary>
    public static readonly string Reasons = $"SELECT count(*) FROM (SELECT 1 FROM job WHERE reason = $1 AND at >= $2 {Limit})";

    private const string Open = "SELECT state, runner_type, count(*), min(coalesce(queued_at, started_at, at)) FROM job WHERE state < 4 GROUP BY state, runner_type ORDER BY state, runner_type";

    private static readonly string Deployments = $"SELECT state, count(*) FROM (SELECT state FROM deployment WHERE at >= $1 ORDER BY at DESC {Limit}) GROUP BY state";

    /// <summary>Counts, as of one moment.</summary>
    public static HistoryCounts Count(SqliteConnection connection, long since)
    {
        using var moment = connection.BeginTransaction(deferred: true);
        var counts = new HistoryCounts(
            CountEach<JobConclusion>(connection, Conclusions, since), CountEach<JobFailureReason>(connection, Reasons, since), OpenJobs(connection), DeploymentsSince(connection, since));
        moment.Commit();
        return counts;
    }

    private static Dictionary<T, int> CountEach<T>(SqliteConnection connection, string sql, long since)
        where T : struct, Enum
    {
        using var statement = new Statement(connection, sql);
        return Enum.GetValues<T>().ToDictionary(value => value, value => (int)statement.Number(Convert.ToInt32(value, null), since)!.Value);
    }

    private static List<OpenJobCount> OpenJobs(SqliteConnection connection)
    {
        using var statement = new Statement(connection, Open);
        using var rows = statement.Query();
        List<OpenJobCount> found = [];
        while (rows.Read())
        {
            found.Add(new OpenJobCount((WorkflowJobState)rows.GetInt32(0), rows.GetString(1), rows.GetInt32(2), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3))));
        }

        return found;
    }

    private static Dictionary<DeploymentState, int> DeploymentsSince(SqliteConnection connection, long since)
    {
        using var statement = new Statement(connection, Deployments);
        using var rows = statement.Query(since);
        var found = Enum.GetValues<DeploymentState>().ToDictionary(state => state, _ => 0);
        while (rows.Read())
        {
            found[(DeploymentState)rows.GetInt32(0)] = rows.GetInt32(1);
        }

        return found;
    }
}
