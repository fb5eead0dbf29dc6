using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.EndToEnd.Tests.Crashes;

/// <summary>What an exporter's history has to hold of simulated runners.</summary>
internal static class SimulatedHistoryRows
{
    /// <summary>Compares job by job: each stands there once, as it was, and nothing else does.</summary>
    /// <param name="data">The exporter's data folder; the exporter may run.</param>
    /// <param name="did">The jobs of each runner.</param>
    public static void AssertAre(string data, IEnumerable<(string Runner, SimulatedJob Job)> did)
    {
        var right = did.Select(each => Describe(
            each.Runner, each.Job.Name, each.Job.RunId, each.Job.StartedAt.ToUnixTimeMilliseconds(), each.Job.Conclusion == JobConclusion.Lost ? null : each.Job.CompletedAt?.ToUnixTimeMilliseconds(),
            each.Job.Conclusion)).ToList();
        var kept = Read(data);
        var (missing, more) = (Without(right, kept), Without(kept, right));
        Assert.True(
            missing.Count == 0 && more.Count == 0,
            $"{missing.Count} jobs are missing: {string.Join("; ", missing.Take(5))}. {more.Count} stand there too often, or otherwise: {string.Join("; ", more.Take(5))}");
    }

    // As often as one is in the first and not in the second.
    private static List<string> Without(List<string> all, List<string> others)
    {
        var left = others.GroupBy(each => each).ToDictionary(same => same.Key, same => same.Count());
        return [.. all.Where(each => !left.TryGetValue(each, out var count) || (left[each] = count - 1) < 0)];
    }

    private static List<string> Read(string data)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "store.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT runner_name, name, run_id, started_at, completed_at, conclusion FROM job";
        using var row = command.ExecuteReader();
        List<string> jobs = [];
        while (row.Read())
        {
            var conclusion = row.IsDBNull(5) ? (JobConclusion?)null : (JobConclusion)row.GetInt32(5);
            jobs.Add(Describe(row.GetString(0), row.GetString(1), row.GetInt64(2), NumberAt(row, 3), conclusion == JobConclusion.Lost ? null : NumberAt(row, 4), conclusion));
        }

        return jobs;
    }

    private static long? NumberAt(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string Describe(string runner, string job, long run, long? started, long? completed, JobConclusion? conclusion) =>
        FormattableString.Invariant($"{runner}: {job} of run {run} from {started} to {completed}: {conclusion}");
}
