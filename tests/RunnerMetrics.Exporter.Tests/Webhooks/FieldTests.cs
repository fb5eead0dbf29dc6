using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>Payloads rebuilt after reports from the field; see <c>Fixtures/field-webhooks/README.md</c>.</summary>
public class FieldTests
{
    private const string Queued = "github_workflow_jobs_queued{runner_type=\"standard\"}";
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "tests/RunnerMetrics.Exporter.Tests/Fixtures/field-webhooks");
    private static readonly DateTimeOffset Then = new(2026, 11, 28, 19, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("runs-on-group", Queued, 1)]
    [InlineData("runs-on-group-self-hosted-ctl", Queued, 1)]
    [InlineData("dependabot", Queued, 1)]
    [InlineData("completed-empty-labels", null, 0)]
    [InlineData("not-acquired", null, 0)]
    public void Take_FieldPayloads_ShowWhatWaits(string folder, string? sample, double value)
    {
        using var fleet = new WebhookFleet();
        Take(fleet, folder);

        var counts = fleet.Counts();
        Assert.Equal(sample is null ? [] : new Dictionary<string, double> { [sample] = value }, counts);
        Assert.Contains(Queued, fleet.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_JobOfARunnerGroup_HasItsWaitMeasuredOnTheRunnerThatTakesIt()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h"));
        Take(fleet, "runs-on-group");
        var taken = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, "runs-on-group/00-workflow_job.json")))!;
        var job = taken["workflow_job"]!;
        (taken["action"], job["status"], job["runner_name"], job["started_at"]) = ("in_progress", "in_progress", "r1", "2026-11-28T18:37:00Z");
        fleet.Take(taken.Bytes(), at: Then);

        Assert.Equal(11, fleet.Samples()["github_runner_queue_time_seconds{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"]);
        Assert.DoesNotContain(Queued, fleet.Counts().Keys);
    }

    [Fact]
    public void Take_EveryConclusion_CountsAsDocumented()
    {
        using var fleet = new WebhookFleet();
        var readings = Take(fleet, "every-conclusion");

        var counts = fleet.Counts().Where(count => count.Key.StartsWith("github_runner_job", StringComparison.Ordinal) && count.Key.Contains("_total{", StringComparison.Ordinal));
        string Of(string name, string label) => $"github_runner_{name}_total{{runner_name=\"c-1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",{label}}}";
        Assert.Equal(
            new Dictionary<string, double>
            {
                [Of("job_failures", "reason=\"setup\"")] = 1,
                [Of("jobs", "status=\"cancelled\"")] = 1,
                [Of("jobs", "status=\"failed\"")] = 1,
                [Of("jobs", "status=\"lost\"")] = 1,
                [Of("jobs", "status=\"success\"")] = 1,
            },
            counts.ToDictionary());
        Assert.Equal("workflow_job.conclusion is missing, though the job is completed", readings[5].Remark);
        Assert.True(readings[6].IsUnsupported);
    }

    private static WebhookReading[] Take(WebhookFleet fleet, string folder) =>
        [.. Directory.GetFiles(Path.Combine(Folder, folder)).Order(StringComparer.Ordinal).Select(file => fleet.Take(File.ReadAllBytes(file), at: Then))];
}
