using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>What a scrape has to say of a simulated runner.</summary>
internal static class SimulatedCounts
{
    private static readonly (JobConclusion Conclusion, string Status)[] Statuses =
    [
        (JobConclusion.Success, "success"), (JobConclusion.Failed, "failed"), (JobConclusion.Cancelled, "cancelled"), (JobConclusion.Lost, "lost"),
    ];

    /// <summary>
    /// Compares the counts by status and by reason, and the sums of durations: a job that was left out for another that was counted twice shows
    /// in the sum.
    /// </summary>
    public static void AssertAre(Scraped scrape, string name, string type, IReadOnlyList<SimulatedJob> did)
    {
        var runner = $"runner_name=\"{name}\",runner_type=\"{type}\",runner_scope=\"github.com/acme\"";
        foreach (var (conclusion, status) in Statuses)
        {
            var jobs = did.Where(job => job.Conclusion == conclusion).ToList();
            AssertIs(jobs.Count, scrape, $"github_runner_jobs_total{{{runner},status=\"{status}\"}}");
            if (conclusion != JobConclusion.Lost)
            {
                AssertIs(jobs.Count, scrape, $"github_runner_job_duration_seconds_count{{{runner},status=\"{status}\"}}");
                AssertIs(
                    jobs.Sum(job => (job.CompletedAt!.Value - job.StartedAt).TotalSeconds),
                    scrape,
                    $"github_runner_job_duration_seconds_sum{{{runner},status=\"{status}\"}}");
            }
        }

        foreach (var reason in Enum.GetValues<JobFailureReason>())
        {
            AssertIs(
                did.Count(job => job.Conclusion == JobConclusion.Failed && job.FailureReason == reason),
                scrape,
                $"github_runner_job_failures_total{{{runner},reason=\"{reason.ToString().ToLowerInvariant()}\"}}");
        }
    }

    private static void AssertIs(double expected, Scraped scrape, string series)
    {
        var actual = scrape[series];
        Assert.True(actual == expected, $"{series} is {(actual is { } value ? $"{value}" : "absent")}, and is to be {expected}.");
    }
}
