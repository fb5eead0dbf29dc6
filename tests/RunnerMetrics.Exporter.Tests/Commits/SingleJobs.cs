using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>Jobs each of which has a sample of its own: four a runner, and each of the four ends in another way.</summary>
internal static class SingleJobs
{
    private static readonly string[] Words = ["success", "failed", "cancelled", "lost"];

    public static Event Of(string sender, int number, bool hasSequence)
    {
        var conclusion = (Conclusion)((number % Words.Length) + 1);
        var wire = AgentEvents.Completed($"{sender}-{number}", $"job-{sender}-{number}", conclusion: conclusion, runner: AgentEvents.Runner($"{sender}-{number / Words.Length}"));
        wire.Sequence = hasSequence ? (ulong)number + 1 : 0;
        return wire;
    }

    /// <summary>Where a job shows.</summary>
    public static string SampleOf(string sender, int number) =>
        $"github_runner_jobs_total{{runner_name=\"{sender}-{number / Words.Length}\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"{Words[number % Words.Length]}\"}}";

    /// <summary>Compares every job with what was told of it.</summary>
    public static void AssertCountedOnce(string text, IReadOnlyCollection<JobSender> senders)
    {
        var counted = Scraped.Of(text).Samples.Where(sample => sample.Key.StartsWith("github_runner_jobs_total{", StringComparison.Ordinal) && sample.Value != 0).ToDictionary();
        var wrong = counted.Where(sample => sample.Value != 1).Select(sample => $"{sample.Key} is {sample.Value}").ToList();
        foreach (var sender in senders)
        {
            wrong.AddRange(sender.Acknowledged.Select(job => SampleOf(sender.Name, job)).Where(sample => !counted.ContainsKey(sample)).Select(sample => $"{sample} is lost"));
            foreach (var job in sender.Sent)
            {
                counted.Remove(SampleOf(sender.Name, job));
            }
        }

        wrong.AddRange(counted.Keys.Select(sample => $"{sample} was never sent"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} jobs are not counted as they were told: {string.Join("; ", wrong.Take(10))}");
    }

    /// <summary>Compares every job with the history: it stands there once where it was acknowledged, and at most once where it was sent and never answered.</summary>
    public static void AssertInHistoryOnce(string folder, IReadOnlyCollection<JobSender> senders)
    {
        using var connection = StoreFile.OpenReader(Path.Combine(folder, StoreFile.Name));
        using var statement = new Statement(connection, "SELECT runner_name, conclusion FROM job");
        using var rows = statement.Query();
        Dictionary<(string, long), int> kept = [];
        while (rows.Read())
        {
            var job = (rows.GetString(0), rows.GetInt64(1));
            kept[job] = kept.GetValueOrDefault(job) + 1;
        }

        var wrong = kept.Where(job => job.Value != 1).Select(job => $"{job.Key} stands there {job.Value} times").ToList();
        foreach (var sender in senders)
        {
            wrong.AddRange(sender.Acknowledged.Where(job => !kept.ContainsKey(RowOf(sender.Name, job))).Select(job => $"{RowOf(sender.Name, job)} is missing"));
            foreach (var job in sender.Sent)
            {
                kept.Remove(RowOf(sender.Name, job));
            }
        }

        wrong.AddRange(kept.Keys.Select(job => $"{job} was never sent"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} jobs do not stand in the history as they were told: {string.Join("; ", wrong.Take(10))}");
    }

    // Each job has a runner and a conclusion that no other has together.
    private static (string Runner, long Conclusion) RowOf(string sender, int number) => ($"{sender}-{number / Words.Length}", (number % Words.Length) + 1);
}
