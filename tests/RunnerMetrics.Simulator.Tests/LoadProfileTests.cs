using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Tests;

public class LoadProfileTests
{
    [Fact]
    public void Next_ManyJobs_EndAsJobsDo()
    {
        // Seeded, so exact: 12 % fail, 4 % are cancelled, 1.5 % never start, 0.5 % lose their worker, 0.5 % their runner.
        var counts = Jobs("standard", 10_000).CountBy(job => job.Outcome).OrderBy(pair => pair.Key).Select(pair => (pair.Key, Share: Math.Round(pair.Value / 10_000.0, 3))).ToList();
        Assert.Equal(Enum.GetValues<JobOutcome>(), counts.Select(pair => pair.Key));
        double[] expected = [0.815, 0.12, 0.04, 0.01, 0.005, 0.005, 0.005];
        foreach (var ((outcome, share), right) in counts.Zip(expected))
        {
            Assert.True(Math.Abs(share - right) < 0.007, $"{outcome}: {share} instead of {right}.");
        }
    }

    [Fact]
    public void Next_SameSeed_IsTheSameSequence() =>
        Assert.Equal(Jobs("chrome", 500).Select(Shown), Jobs("chrome", 500).Select(Shown));

    [Fact]
    public void Next_AnotherSeed_IsAnotherSequence() =>
        Assert.NotEqual(Jobs("chrome", 50).Select(Shown), Jobs("chrome", 50, seed: 2).Select(Shown));

    [Fact]
    public void Next_LaterRuns_BringJobGuidsBack()
    {
        var jobs = Jobs("standard", 200);
        Assert.True(jobs.Select(job => job.JobId).Distinct().Count() < 12);
        Assert.Equal(200, jobs.Select(job => job.PlanId).Distinct().Count());
        Assert.True(jobs.Select(job => job.RunId).Distinct().Count() > 150);
        Assert.Contains(jobs, job => job.RunAttempt > 1);
        Assert.All(jobs.GroupBy(job => job.JobId), group => Assert.Single(group.Select(job => (job.Repository, job.DisplayName)).Distinct()));
        var firstAttempts = jobs.Where(job => job.RunAttempt == 1).Select(job => job.RunId).ToList();
        Assert.Equal(firstAttempts.Order(), firstAttempts);
    }

    [Fact]
    public void Next_Durations_AreTheirKinds()
    {
        var lint = Jobs("standard", 5000).Where(job => job is { Job: "lint", Outcome: JobOutcome.Success }).Select(job => (job.Duration - job.SetUp).TotalSeconds - 2).Order().ToList();
        Assert.InRange(lint[0], 29.9, 31);
        Assert.InRange(lint[^1], 119, 120.1);
        Assert.InRange(lint[lint.Count / 2], 52, 58);
    }

    [Fact]
    public void Next_Types_GetJobsOfTheirOwn()
    {
        Assert.DoesNotContain(Jobs("standard", 500), job => job.Job == "e2e");
        Assert.Contains(Jobs("chrome", 500), job => job.DisplayName == "e2e (1/4)");
        Assert.All(Jobs("chrome-go", 500), job => Assert.Equal("acme/gateway", job.Repository));
        Assert.Throws<ArgumentException>(() => new LoadProfile("firefox", 1));
    }

    private static List<JobPlan> Jobs(string type, int count, int seed = 1)
    {
        var profile = new LoadProfile(type, seed);
        return [.. Enumerable.Range(0, count).Select(_ => profile.Next())];
    }

    private static object Shown(JobPlan job) => (job.DisplayName, job.Outcome, job.Duration, job.IdleBefore, job.RunId, job.RunAttempt, job.CheckRunId, job.PlanId);
}
