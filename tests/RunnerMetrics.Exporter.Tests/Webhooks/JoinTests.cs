using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>GitHub and an agent speak of one job: it is counted once, whoever speaks first.</summary>
public class JoinTests
{
    private const string Success = "github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}";
    private const string Waits = "github_runner_job_queue_duration_seconds_count{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}";

    /// <summary>By what the two sides know each other.</summary>
    public static TheoryData<string, long, long, bool> Ways() => new()
    {
        { "the job's id", 1001, 1001, false },
        { "the check run's id, which differs from the job's", 5555, 5555, false },
        { "the job's id, where the check run's differs", 1001, 5555, false },
        { "run, attempt, runner and time", 0, 1001, false },
        { "the job's id, on a runner that is gone after it", 1001, 1001, true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Take_EveryOrder_GivesTheSameCounts(string way, long agentsId, long checkRunId, bool isEphemeral)
    {
        var runner = AgentEvents.Runner("r1").With(r => r.Ephemeral = isEphemeral);
        Event[] agents = [AgentEvents.Started("s", "j", -58), AgentEvents.Completed("c", "j", -58, -9)];
        foreach (var (word, job) in agents.Zip((Job[])[agents[0].JobStarted.Job, agents[1].JobCompleted.Job]))
        {
            (word.Runner, job.CheckRunId) = (runner, agentsId);
        }

        string[] actions = ["waiting", "queued", "in_progress", "completed"];
        Action<WebhookFleet>[] words =
        [
            .. actions.Select(action => Payload.Job(action, Change).Bytes()).Select(payload => (Action<WebhookFleet>)(fleet => fleet.Take(payload))),
            .. agents.Select(word => (Action<WebhookFleet>)(fleet => fleet.Take(word))),
        ];
        SortedDictionary<string, double>? expected = null;
        foreach (var order in Permutations.Of(words))
        {
            using var fleet = new WebhookFleet();
            foreach (var word in order)
            {
                word(fleet);
            }

            // Once more, as other deliveries.
            Array.ForEach(order, word => word(fleet));
            var counts = fleet.Counts();
            expected ??= counts;
            Assert.Equal(expected, counts);
        }

        var name = isEphemeral ? "ephemeral" : "r1";
        Assert.True(expected![Success.Replace("\"r1\"", $"\"{name}\"", StringComparison.Ordinal)] == 1, way);
        Assert.Equal(1, expected[Waits.Replace("\"r1\"", $"\"{name}\"", StringComparison.Ordinal)]);
        Assert.Equal(1, expected["github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"CI\",status=\"success\"}"]);
        Assert.DoesNotContain(expected.Keys, key => key.StartsWith("github_workflow_jobs_queued", StringComparison.Ordinal));
        Assert.DoesNotContain(expected.Keys, key => key.Contains("corrections", StringComparison.Ordinal));

        void Change(System.Text.Json.Nodes.JsonObject job) => job["check_run_url"] = $"https://api.github.com/repos/acme/shop/check-runs/{checkRunId}";
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Take_GitHubAfterAnEphemeralRunnersLastWord_CountsItWhereTheAgentDid(bool onlyKnown, bool isRestarted)
    {
        using var fleet = new WebhookFleet(new ExporterOptions { WebhookJobs = onlyKnown ? WebhookJobs.Known : WebhookJobs.All });
        var runner = AgentEvents.Runner("r1", "chrome").With(r => r.Ephemeral = true);
        fleet.Take(AgentEvents.Heartbeat("h", -90, runner));
        fleet.Take(AgentEvents.Completed("c", "j", -60, -10, runner: runner).With(told => told.JobCompleted.Job.CheckRunId = 1001));
        fleet.Take(AgentEvents.Stopped("s", -9).With(told => told.Runner = runner));
        if (isRestarted)
        {
            fleet.Restart();
        }

        // Its labels say standard; the agent knew better.
        fleet.Take(Payload.Job("queued"));
        fleet.Take(Payload.Job("in_progress"));
        fleet.Take(Payload.Job("completed"));

        var samples = fleet.Samples();
        Assert.DoesNotContain(samples.Keys, key => key.Contains("runner_name=\"r1\"", StringComparison.Ordinal));
        Assert.DoesNotContain("runner_name=\"r1\"", fleet.Text(), StringComparison.Ordinal);
        Assert.Equal(1, samples["github_runner_jobs_total{runner_name=\"ephemeral\",runner_type=\"chrome\",runner_scope=\"github.com/acme\",status=\"success\"}"]);
        Assert.Equal(1, samples["github_runner_job_queue_duration_seconds_count{runner_name=\"ephemeral\",runner_type=\"chrome\",runner_scope=\"github.com/acme\"}"]);
        Assert.DoesNotContain(samples.Keys, key => key.StartsWith("github_runners{", StringComparison.Ordinal));
        fleet.Judge(AgentEvents.Now.AddMinutes(5));
        fleet.Restart();
    }

    [Theory]
    [InlineData("failed", Conclusion.Failed, "failure", "job")]
    [InlineData("cancelled", Conclusion.Cancelled, "cancelled", null)]
    [InlineData("cancelled", Conclusion.Cancelled, "timed_out", null)]
    public void Take_NoSuccess_IsCountedOnceInEitherOrder(string status, Conclusion agents, string gitHubs, string? reason)
    {
        Action<WebhookFleet>[] words =
        [
            fleet => fleet.Take(Payload.Job("completed", job =>
            {
                job["conclusion"] = gitHubs;
                job["steps"] = new System.Text.Json.Nodes.JsonArray(Step("Set up job", "success"), Step("Run make", gitHubs), Step("Post Run actions/checkout@v4", "success"));
            })),
            fleet => fleet.Take(AgentEvents.Completed("c", "j", -60, -10, agents).With(e => e.JobCompleted.Job.CheckRunId = 1001)),
        ];
        foreach (var order in Permutations.Of(words))
        {
            using var fleet = new WebhookFleet();
            Array.ForEach(order, word => word(fleet));
            var counts = fleet.Counts();
            Assert.Equal(1, counts[Success.Replace("success", status, StringComparison.Ordinal)]);
            Assert.Equal(reason is null ? 0 : 1, counts.Count(c => c.Key.Contains($"reason=\"{reason}\"", StringComparison.Ordinal)));
            Assert.DoesNotContain(counts.Keys, key => key.Contains("corrections", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Take_TwoDifferentWords_CountsTheFirstAndACorrection(bool isGitHubFirst)
    {
        using var fleet = new WebhookFleet();
        Action[] words =
        [
            () => fleet.Take(Payload.Job("completed", job => job["conclusion"] = "failure")),
            () => fleet.Take(AgentEvents.Completed("c", "j").With(e => e.JobCompleted.Job.CheckRunId = 1001)),
        ];
        Array.ForEach(isGitHubFirst ? words : [.. words.Reverse()], word => word());
        var counts = fleet.Counts();

        var (from, to) = isGitHubFirst ? ("failed", "success") : ("success", "failed");
        Assert.Equal(1, counts.Where(c => c.Key.StartsWith("github_runner_jobs_total", StringComparison.Ordinal)).Sum(c => c.Value));
        Assert.Equal(1, counts[$"github_runner_job_corrections_total{{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",from=\"{from}\",to=\"{to}\"}}"]);
    }

    [Fact]
    public void Take_MatrixOnOneRunner_IsAsManyJobs()
    {
        using var fleet = new WebhookFleet();
        for (var leg = 0; leg < 5; leg++)
        {
            var (start, name) = (-600 + (leg * 60), $"build ({leg})");
            fleet.Take(AgentEvents.Completed($"c{leg}", $"j{leg}", start + 1, start + 40).With(e => e.JobCompleted.Job.Name = name));
        }

        for (var leg = 4; leg >= 0; leg--)
        {
            var (id, start, name) = (2000 + leg, -600 + (leg * 60), $"build ({leg})");
            fleet.Take(Payload.Job("completed", job =>
            {
                (job["id"], job["name"], job["check_run_url"]) = (id, name, null);
                (job["created_at"], job["started_at"], job["completed_at"]) = (Payload.At(-700), Payload.At(start), Payload.At(start + 40));
            }));
        }

        Assert.Equal(5, fleet.Counts()[Success]);
        Assert.Equal(5, fleet.Counts()[Waits]);
    }

    [Fact]
    public void Take_SameJobStartedAgain_IsAnotherJob()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Completed("c1", "j1", -59, -10));
        fleet.Take(Payload.Job("completed"));
        fleet.Take(Payload.Job("completed", job => (job["id"], job["run_attempt"], job["check_run_url"]) = (1002, 2, null)));
        fleet.Take(AgentEvents.Completed("c2", "j2", -59, -10).With(e => e.JobCompleted.Job.RunAttempt = 2));

        Assert.Equal(2, fleet.Counts()[Success]);
    }

    [Fact]
    public void Take_SameNumbersOnAnotherServer_IsAnotherJob()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("completed"));
        var enterprise = Payload.Job("completed");
        enterprise["repository"]!["html_url"] = "https://github.acme.example/acme/shop";
        fleet.Take(enterprise);
        fleet.Take(AgentEvents.Completed("c", "j", runner: AgentEvents.Runner().With(r => r.Scope = "github.acme.example/acme"))
            .With(e => (e.JobCompleted.Job.CheckRunId, e.JobCompleted.Job.ServerUrl) = (1001, "https://GitHub.acme.example/")));

        Assert.Equal((1, 1), (fleet.Counts()[Success], fleet.Counts()[Success.Replace("github.com", "github.acme.example", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Take_GitHubSaysTheEndAndTheAgentNever_TheJobIsNeitherOpenNorLost()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h"));
        fleet.Take(AgentEvents.Started("s", "j", -58).With(e => e.JobStarted.Job.CheckRunId = 1001));
        fleet.Take(Payload.Job("completed"));
        fleet.Judge(AgentEvents.Now.AddDays(4));

        var counts = fleet.Counts();
        Assert.Equal(1, counts[Success]);
        Assert.DoesNotContain(counts.Keys, key => key.Contains("lost", StringComparison.Ordinal) || key.Contains("unresolved", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_AgentNamesAnotherTypeThanTheLabels_CountsOnTheAgents()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner("r1", "gpu")));
        fleet.Take(Payload.Job("completed"));

        Assert.Equal(1, fleet.Counts()[Success.Replace("standard", "gpu", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Take_KnownRunnersOnly_CountsWhereAnAgentSpeaks()
    {
        using var fleet = new WebhookFleet(new ExporterOptions { WebhookJobs = WebhookJobs.Known });
        fleet.Take(Payload.Job("queued"));
        fleet.Take(Payload.Job("in_progress"));
        fleet.Take(Payload.Job("completed", job => (job["id"], job["check_run_url"], job["runner_name"]) = (1002, null, "elsewhere")));
        Assert.Empty(fleet.Counts());

        fleet.Take(AgentEvents.Started("s", "j").With(e => e.JobStarted.Job.CheckRunId = 1001));
        fleet.Take(Payload.Job("completed"));
        Assert.Equal(1, fleet.Counts()[Success]);
        Assert.Equal(1, fleet.Counts()[Waits]);
        Assert.DoesNotContain(fleet.Counts().Keys, key => key.Contains("elsewhere", StringComparison.Ordinal));
    }

    private static System.Text.Json.Nodes.JsonObject Step(string name, string conclusion) => new() { ["name"] = name, ["status"] = "completed", ["conclusion"] = conclusion };
}
