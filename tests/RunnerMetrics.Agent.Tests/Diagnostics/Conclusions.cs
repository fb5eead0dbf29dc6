using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

internal static class Conclusions
{
    /// <summary>Exactly one job, begun and ended as the scenario's expected.json says.</summary>
    public static void AssertAsExpected(this Scenario scenario, IReadOnlyList<DiagEvent> events, string? name = null, bool checkName = true)
    {
        var jobs = events.Where(told => told is not ListenerEnded).ToList();
        Assert.Equal(2, jobs.Count);
        var began = Assert.IsType<JobBegan>(jobs[0]);
        var ended = Assert.IsType<JobEnded>(jobs[1]);
        var expected = scenario.Expected;
        Assert.Equal(expected.GetProperty("jobId").GetString(), ended.Job.JobId);
        Assert.Equal(checkName ? name ?? expected.GetProperty("name").GetString() : ended.Job.Name, ended.Job.Name);
        Assert.Equal(expected.GetProperty("conclusion").GetString(), Word(ended.Verdict.Conclusion));
        Assert.Equal(expected.GetProperty("failureReason").GetString(), ended.Verdict.Reason is { } reason ? Word(reason) : null);
        Assert.Equal(expected.GetProperty("startedAt").GetDateTimeOffset(), ended.Job.StartedAt);
        Assert.Equal(expected.GetProperty("completedAt").GetDateTimeOffset(), ended.At);
        Assert.Equal(JobKey.Create(Scenario.RunnerName, ended.Job.JobId, ended.Job.StartedAt, ended.Life is null ? "" : Scenario.Scope), ended.Job.JobKey);
        Assert.Equal(began.Job.JobKey, ended.Job.JobKey);
    }

    /// <summary>The events one per line, for comparing.</summary>
    public static string[] Told(this IEnumerable<DiagEvent> events) => [.. events.Select(told => told.ToString())];

    /// <summary>How each job ended, in order.</summary>
    public static string[] Verdicts(this IEnumerable<DiagEvent> events) => [.. events.OfType<JobEnded>().Select(ended =>
        ended.Verdict.Reason is { } reason ? $"{Word(ended.Verdict.Conclusion)}/{Word(reason)}" : Word(ended.Verdict.Conclusion))];

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
