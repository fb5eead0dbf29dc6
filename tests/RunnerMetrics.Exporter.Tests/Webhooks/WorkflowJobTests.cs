using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public class WorkflowJobTests
{
    private const string R1 = "runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";

    private const string OldR1 = "runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.acme.example/acme\"";

    private static string Queued(string type) => $"github_workflow_jobs_queued{{runner_type=\"{type}\"}}";

    private static double? Value(WebhookFleet fleet, string sample) => Scraped.Of(fleet.Text())[sample];

    [Fact]
    public void Take_QueuedThenRunThenOver_ShowsTheWaitAndTheEnd()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("queued"));
        Assert.Equal(1, Value(fleet, Queued("standard")));
        Assert.Null(Value(fleet, $"github_runner_queue_time_seconds{{{R1}}}"));
        Assert.Equal(0, Value(fleet, "github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"CI\",status=\"success\"}"));

        fleet.Take(Payload.Job("in_progress"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
        Assert.Equal(40, Value(fleet, $"github_runner_queue_time_seconds{{{R1}}}"));
        Assert.Equal(40, Value(fleet, $"github_runner_job_queue_duration_seconds_sum{{{R1}}}"));
        Assert.Equal(0, Value(fleet, $"github_runner_jobs_total{{{R1},status=\"success\"}}"));

        fleet.Take(Payload.Job("completed"));
        Assert.Equal(1, Value(fleet, $"github_runner_jobs_total{{{R1},status=\"success\"}}"));
        Assert.Equal(50, Value(fleet, $"github_runner_job_duration_seconds_sum{{{R1},status=\"success\"}}"));
        Assert.Equal(1, Value(fleet, $"github_runner_job_queue_duration_seconds_count{{{R1}}}"));

        // Only an agent knows whether a runner is there.
        Assert.Null(Value(fleet, $"github_runner_status{{{R1}}}"));
        Assert.Null(Value(fleet, $"github_runner_jobs_unresolved{{{R1}}}"));
    }

    [Fact]
    public void Take_FirstWebhook_BearsTheWaitsOfEveryRunnerAtZero()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("a", runner: AgentEvents.Runner("before")));
        Assert.Null(Value(fleet, "github_runner_job_queue_duration_seconds_count{runner_name=\"before\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"));

        fleet.Take(Payload.Job("queued"));
        fleet.Take(AgentEvents.Heartbeat("b", runner: AgentEvents.Runner("after")));
        Assert.Equal(0, Value(fleet, "github_runner_job_queue_duration_seconds_count{runner_name=\"before\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"));
        Assert.Equal(0, Value(fleet, "github_runner_job_queue_duration_seconds_count{runner_name=\"after\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"));
        fleet.Restart();
    }

    [Fact]
    public void Take_StartedBeforeItWasCreated_WaitedForNothing()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("in_progress", job => (job["created_at"], job["started_at"]) = (Payload.At(-59), Payload.At(-60))));

        Assert.Equal(0, Value(fleet, $"github_runner_queue_time_seconds{{{R1}}}"));
        Assert.Equal(1, Value(fleet, $"github_runner_job_queue_duration_seconds_bucket{{{R1},le=\"1.0\"}}"));
    }

    [Fact]
    public void Take_WaitingForAnApproval_WaitsForNoRunnerUntilItIsQueued()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("waiting"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
        fleet.Take(Payload.Job("queued", job => job["status"] = "waiting"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
        fleet.Take(Payload.Job("queued"));
        Assert.Equal(1, Value(fleet, Queued("standard")));
        fleet.Take(Payload.Job("waiting"));
        Assert.Equal(1, Value(fleet, Queued("standard")));
    }

    [Theory]
    [InlineData("queued", "in_progress")]
    [InlineData("in_progress", "queued")]
    public void Take_OldEnterpriseServer_MeasuresTheWaitFromBothItsWords(string first, string second)
    {
        // Before GHES 3.8 a job has neither created_at nor workflow_name, and a queued one says by started_at when it began to wait.
        using var fleet = new WebhookFleet();
        fleet.Take(Old(first));
        fleet.Take(Old(second));
        fleet.Take(Old("completed"));

        Assert.Equal(40, Value(fleet, $"github_runner_queue_time_seconds{{{OldR1}}}"));
        Assert.Equal(1, Value(fleet, $"github_runner_jobs_total{{{OldR1},status=\"success\"}}"));
        Assert.Equal(1, Value(fleet, "github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"\",status=\"success\"}"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
    }

    [Fact]
    public void Take_OldEnterpriseServerWithItsQueuedMissing_InventsNoWait()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Old("completed"));

        Assert.Null(Value(fleet, $"github_runner_queue_time_seconds{{{OldR1}}}"));
        Assert.Equal(0, Value(fleet, $"github_runner_job_queue_duration_seconds_count{{{OldR1}}}"));
        Assert.Equal(1, Value(fleet, $"github_runner_jobs_total{{{OldR1},status=\"success\"}}"));
    }

    [Theory]
    [InlineData("success", "success")]
    [InlineData("neutral", "success")]
    [InlineData("failure", "failed")]
    [InlineData("startup_failure", "failed")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("timed_out", "cancelled")]
    [InlineData("stale", "lost")]
    [InlineData("skipped", null)]
    [InlineData("action_required", null)]
    [InlineData("a_new_one", null)]
    public void Take_Conclusion_CountsAsDocumented(string conclusion, string? status)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("queued"));
        var reading = fleet.Take(Payload.Job("completed", job => job["conclusion"] = conclusion));

        Assert.Equal(status is null ? 0 : 1, fleet.Counts().Where(c => c.Key.StartsWith("github_runner_jobs_total", StringComparison.Ordinal)).Sum(c => c.Value));
        Assert.Equal(status is null ? null : 1, status is null ? null : Value(fleet, $"github_runner_jobs_total{{{R1},status=\"{status}\"}}"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
        Assert.Equal(conclusion == "a_new_one", reading.IsUnsupported);
    }

    [Theory]
    [InlineData("skipped")]
    [InlineData("cancelled")]
    [InlineData("startup_failure")]
    public void Take_NeverRan_LeavesTheQueueAndCountsNowhere(string conclusion)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("queued"));
        fleet.Take(Payload.Job("completed", job =>
            (job["conclusion"], job["runner_name"], job["runner_id"], job["runner_group_name"]) = (conclusion, "", 0, "")));

        Assert.Empty(fleet.Counts());
        Assert.Equal(0, Value(fleet, Queued("standard")));
    }

    [Theory]
    [InlineData("Set up job", "setup")]
    [InlineData("Set up runner", "setup")]
    [InlineData("Run make", "job")]
    [InlineData("Complete runner", "runner")]
    [InlineData(null, "unknown")]
    public void Take_Failed_SaysWhoseFaultAsFarAsTheStepsDo(string? step, string reason)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("completed", job =>
        {
            job["conclusion"] = "failure";
            job["steps"] = step is null ? null : new JsonArray(new JsonObject { ["name"] = step, ["conclusion"] = "failure" });
        }));

        Assert.Equal(1, Value(fleet, $"github_runner_job_failures_total{{{R1},reason=\"{reason}\"}}"));
    }

    [Theory]
    [InlineData("self-hosted,linux,standard", "standard")]
    [InlineData("self-hosted,linux,chrome-go", "chrome-go")]
    [InlineData("self-hosted,Chrome", "chrome")]
    [InlineData("self-hosted", "standard")]
    [InlineData("self-hosted,known", "known")]
    [InlineData("self-hosted,gpu-large", "gpu")]
    [InlineData("GPU-Large", "gpu")]
    [InlineData("arc-set", "standard")]
    public void Take_Labels_NameTheTypeOfRunner(string labels, string type)
    {
        using var fleet = new WebhookFleet(new ExporterOptions { RunnerTypeLabels = new Dictionary<string, string> { ["gpu-large"] = "gpu" } });
        fleet.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner("k", "known")));
        fleet.Take(Payload.Job("queued", job => job["labels"] = Labels(labels)));

        Assert.Equal(1, Value(fleet, Queued(type)));
    }

    [Fact]
    public void Take_RealPayloads_TellsOursFromGitHubs()
    {
        using var fleet = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { Horizon = TimeSpan.FromDays(10_000) } });
        var events = Payload.AllJobs.Select(payload => fleet.Take(System.Text.Encoding.UTF8.GetBytes(payload)).Events.Count);

        // Two are of runners of one's own: "my runner" of a group of one's own, and one that waits for an approval to run on k8s.
        Assert.Equal([1, 0, 0, 0, 0, 1], events);
        Assert.Equal(0, Value(fleet, Queued("standard")));
    }

    [Fact]
    public void Judge_QueuedForADay_LeavesTheQueue()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("queued"));
        fleet.Restart();
        fleet.Judge(AgentEvents.Now.AddHours(24));
        Assert.Equal(1, Value(fleet, Queued("standard")));

        fleet.Judge(AgentEvents.Now.AddHours(24.1));
        Assert.Equal(0, Value(fleet, Queued("standard")));
        fleet.Take(Payload.Job("queued"));
        Assert.Equal(0, Value(fleet, Queued("standard")));
    }

    [Fact]
    public void Take_EphemeralRunnersWithoutAgents_MakeNoSeriesEach()
    {
        using var fleet = new WebhookFleet(new ExporterOptions { EphemeralRunnerNames = ["arc-*"] });
        for (var i = 0; i < 50; i++)
        {
            fleet.Take(Payload.Job("completed", job => (job["id"], job["check_run_url"], job["runner_name"]) = (5000 + i, null, $"ARC-{i}")));
        }

        Assert.Equal(50, Value(fleet, "github_runner_jobs_total{runner_name=\"ephemeral\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
        Assert.DoesNotContain("ARC-", fleet.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_WorkflowsPastTheLimit_CountAsOther()
    {
        using var fleet = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { MaxLabelSets = 3 } });
        for (var i = 0; i < 5; i++)
        {
            fleet.Take(Payload.Job("completed", job => (job["id"], job["check_run_url"], job["workflow_name"]) = (5000 + i, null, $"W{i}")));
        }

        Assert.Equal(1, Value(fleet, "github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"W2\",status=\"success\"}"));
        Assert.Equal(2, Value(fleet, "github_workflow_jobs_total{repository=\"other\",workflow=\"other\",status=\"success\"}"));
        Assert.Equal(2, Value(fleet, "runner_metrics_dropped_series_total"));
        fleet.Restart();
    }

    [Theory]
    [InlineData("acme/shop", true)]
    [InlineData("ACME/*", true)]
    [InlineData("acme/shopping", false)]
    [InlineData("acme-labs/*", false)]
    public void Take_AllowList_CountsByWorkflowWhatIsOnIt(string asked, bool isCounted)
    {
        using var fleet = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { WorkflowRepositories = [asked] } });
        fleet.Take(Payload.Job("completed"));
        fleet.Take(AgentEvents.Completed("c", "another", -600, -500));

        Assert.Equal(isCounted ? 2 : null, Value(fleet, "github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"CI\",status=\"success\"}"));
        Assert.Equal(2, Value(fleet, $"github_runner_jobs_total{{{R1},status=\"success\"}}"));
    }

    private static JsonArray Labels(string labels) => new([.. labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(label => JsonValue.Create(label))]);

    private static JsonObject Old(string action)
    {
        var payload = Payload.Job(action, job =>
        {
            foreach (var field in (string[])["created_at", "workflow_name", "head_branch", "run_attempt", "runner_group_id", "runner_group_name"])
            {
                job.Remove(field);
            }

            job["labels"] = new JsonArray("standard");
        });
        payload["repository"]!["html_url"] = "https://github.acme.example/acme/shop";
        return payload;
    }
}
