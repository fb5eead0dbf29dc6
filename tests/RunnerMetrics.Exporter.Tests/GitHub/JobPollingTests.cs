using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>Jobs without webhooks.</summary>
public class JobPollingTests
{
    private const string OfR1 = "{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hours_OfPolling_CountEveryJobOnce_WithWebhooksOrWithout(bool takesWebhooks)
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { RateLimit = 1_000_000 });
        await using var exporter = await rig.StartExporterAsync(takesWebhooks, options => options with { GitHub = rig.AsApp() with { PollJobs = GitHubJobs.On } });
        await FirstRoundAsync(rig, exporter);
        var day = new SimulatedDay(rig.Clock.GetUtcNow(), 200, TimeSpan.FromHours(4));
        while (!day.IsOver)
        {
            await day.TellNextAsync(rig);
        }

        var truth = day.Truth(withDeployments: takesWebhooks);
        await rig.PassTimeUntilAsync(async () => truth.SequenceEqual(await SimulatedDay.CountedAsync(exporter)), "everything is counted");
        for (var minute = 0; minute < 10; minute++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await exporter.ScrapeAsync();
        }

        Assert.Equal(truth, await SimulatedDay.CountedAsync(exporter));
        Assert.Equal("0", await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}"));
    }

    [Fact]
    public async Task Job_ThatEndedBeforeTheFirstRound_CountsNowhere_AndOneThatRunsDoes()
    {
        await using var rig = await GitHubRig.StartAsync();
        var (before, during) = (rig.Job(1), rig.Job(2));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await rig.GitHub.TellAsync(before with { RunnerName = "r1", StartedAt = before.CreatedAt.AddSeconds(7), CompletedAt = rig.Clock.GetUtcNow(), Conclusion = JobConclusion.Success });
        await rig.GitHub.TellAsync(during with { RunnerName = "r1", StartedAt = rig.Clock.GetUtcNow() });
        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false);
        await FirstRoundAsync(rig, exporter);
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_job_queue_duration_seconds_count{OfR1}}}") == "1", "the running job's wait is counted");
        await rig.GitHub.TellAsync(during with { RunnerName = "r1", StartedAt = during.CreatedAt.AddMinutes(5), CompletedAt = rig.Clock.GetUtcNow(), Conclusion = JobConclusion.Failed });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"failed\"}}") == "1", "the running job is counted");

        Assert.Equal("0", await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}"));
    }

    [Fact]
    public async Task Restart_AfterJobsEndedMeanwhile_CountsThemOnce()
    {
        await using var rig = await GitHubRig.StartAsync();
        var (known, missed) = (rig.Job(1), rig.Job(2));
        await using (var exporter = await rig.StartExporterAsync(takesWebhooks: false))
        {
            await FirstRoundAsync(rig, exporter);
            await rig.GitHub.TellAsync(known with { RunnerName = "r1", StartedAt = rig.Clock.GetUtcNow(), CompletedAt = rig.Clock.GetUtcNow(), Conclusion = JobConclusion.Success });
            await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}") == "1", "the first job is counted");
        }

        rig.Clock.Advance(TimeSpan.FromHours(2));
        await rig.GitHub.TellAsync(missed with { RunnerName = "r1", StartedAt = rig.Clock.GetUtcNow().AddMinutes(-30), CompletedAt = rig.Clock.GetUtcNow().AddMinutes(-10), Conclusion = JobConclusion.Success });
        rig.Clock.Advance(TimeSpan.FromMinutes(30));
        await using var again = await rig.StartExporterAsync(takesWebhooks: false);
        await rig.PassTimeUntilAsync(async () => await again.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}") == "2", "both jobs are counted");
        await FirstRoundAsync(rig, again);

        Assert.Equal("2", await again.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}"));
        Assert.Equal("2", await again.SampleAsync($"github_runner_job_queue_duration_seconds_count{OfR1}}}"));
    }

    [Fact]
    public async Task Rerun_OfAFailedJobAlone_CountsThatOneAgain_AndTheOtherOnce()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false);
        await FirstRoundAsync(rig, exporter);
        var now = rig.Clock.GetUtcNow();
        var good = rig.Job(1) with { RunId = 7, RunnerName = "r1", StartedAt = now, CompletedAt = now, Conclusion = JobConclusion.Success };
        await rig.GitHub.TellAsync(good);
        await rig.GitHub.TellAsync(good with { Id = 2, Name = "test", Conclusion = JobConclusion.Failed });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"failed\"}}") == "1", "the first attempt is counted");

        rig.Clock.Advance(TimeSpan.FromHours(5)); // long after the run left the part of the list that is looked at
        var then = rig.Clock.GetUtcNow();
        await rig.GitHub.TellAsync(good with { Id = 3, Name = "test", RunAttempt = 2, CreatedAt = then, StartedAt = then, CompletedAt = null, Conclusion = null });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_job_queue_duration_seconds_count{OfR1}}}") == "3", "the second attempt is seen");
        await rig.GitHub.TellAsync(good with { Id = 3, Name = "test", RunAttempt = 2, CreatedAt = then, StartedAt = then, CompletedAt = rig.Clock.GetUtcNow() });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}") == "2", "the second attempt is counted");

        Assert.Equal("1", await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"failed\"}}"));
    }

    [Fact]
    public async Task Limit_ThatEndsARound_LetsItGoOnWhereItWas_AndItsLagIsShown()
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { RateLimit = 100 });
        for (var i = 0; i < 20; i++)
        {
            rig.GitHub.AddRepository($"acme/repo-{i}");
        }

        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false);
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_working{feature=\"jobs\"}") == "0", "the share is used up");
        Assert.InRange(rig.GitHub.RateLimitUsed(), 20, 30);

        await FirstRoundAsync(rig, exporter, 300);
        var lag = double.Parse((await exporter.SampleAsync("runner_metrics_github_poll_lag_seconds"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(lag, 3_600, 20_000);
    }

    [Fact]
    public async Task Job_OfAnExcludedRepository_CountsForItsRunner_AndIsNamedNowhere()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false, options => options with { Repositories = ["!acme/secret-*"] });
        await FirstRoundAsync(rig, exporter);
        var now = rig.Clock.GetUtcNow();
        await rig.GitHub.TellAsync(rig.Job(1, repository: "acme/secret-plan") with { RunnerName = "r1", StartedAt = now, CompletedAt = now, Conclusion = JobConclusion.Success });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync($"github_runner_jobs_total{OfR1},status=\"success\"}}") == "1", "it counts for its runner");

        Assert.DoesNotContain("secret", await exporter.ScrapeAsync("application/openmetrics-text"), StringComparison.Ordinal);
    }

    // A round that began after this call came to its end.
    private static async Task FirstRoundAsync(GitHubRig rig, RunningExporter exporter, double step = 10)
    {
        var from = rig.Clock.GetUtcNow();
        await rig.PassTimeUntilAsync(
            async () => await exporter.SampleAsync("runner_metrics_github_last_success_timestamp_seconds{feature=\"jobs\"}") is { } at
                && double.Parse(at, System.Globalization.CultureInfo.InvariantCulture) > from.ToUnixTimeSeconds(), "jobs were looked at", step);
    }
}
