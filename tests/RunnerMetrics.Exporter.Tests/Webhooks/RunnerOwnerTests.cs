using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>Whose job a webhook speaks of: the rule that docs/github-webhooks.md gives is the one that is followed.</summary>
public class RunnerOwnerTests
{
    /// <summary>The examples of the documented table: labels, group, runner, whose.</summary>
    public static TheoryData<string, string, string, string> Documented()
    {
        var rows = new TheoryData<string, string, string, string>();
        var lines = File.ReadLines(Path.Combine(RepositoryFolder.Path, "docs/github-webhooks.md"))
            .SkipWhile(line => !line.StartsWith("| The first that fits", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        foreach (var cells in lines.Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray()))
        {
            rows.Add(Words(cells[2]), Words(cells[3]), Words(cells[4]), cells[5]);
        }

        return rows;

        static string Words(string cell) => cell == "none" ? "" : cell.Replace("`", "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void OwnerOf_DocumentedExample_IsWhatTheDocsSay(string labels, string group, string runner, string whose)
    {
        var options = new ExporterOptions { RunnerTypeLabels = new Dictionary<string, string> { ["gpu-large"] = "gpu" } };
        using var told = new WebhookFleet(options);
        told.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner("build-1", "known")));

        var owner = new RunnerLabels(options, told.Fleet).OwnerOf(
            [.. labels.Split(", ", StringSplitOptions.RemoveEmptyEntries)], group, runner, isEnterpriseServer: false, told.Fleet.HasAgentFor(runner, "https://github.com", RepositoryName.Kept("acme/shop")));

        Assert.Equal(whose switch { "ours" => RunnerOwner.Ours, "GitHub's" => RunnerOwner.GitHubs, "unsure" => RunnerOwner.Unsure, _ => (RunnerOwner)(-1) }, owner);
    }

    [Fact]
    public void Documented_EveryAnswer_HasAnExample() =>
        Assert.Equal(["GitHub's", "ours", "unsure"], Documented().Select(row => row.Data.Item4).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("big", "big_6bfad66574cb", "My larger ones")]
    [InlineData("", "arc-set-x7k2p", "Default")]
    public void Take_UnsureWhose_CountsWithoutASeriesOfTheRunners(string labels, string runner, string group)
    {
        using var fleet = new WebhookFleet();
        for (var i = 0; i < 20; i++)
        {
            foreach (var action in (string[])["queued", "in_progress", "completed"])
            {
                fleet.Take(Payload.Job(action, job =>
                {
                    (job["id"], job["check_run_url"], job["labels"]) = (5000 + i, null, Labels(labels));
                    if (action != "queued")
                    {
                        (job["runner_name"], job["runner_group_name"]) = ($"{runner}{i}", group);
                    }
                }));
            }
        }

        var samples = fleet.Samples();
        Assert.Equal(20, samples["github_runner_jobs_total{runner_name=\"ephemeral\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"]);
        Assert.Equal(20, samples["github_runner_job_queue_duration_seconds_count{runner_name=\"ephemeral\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"]);
        Assert.Equal(20, samples["github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"CI\",status=\"success\"}"]);
        Assert.DoesNotContain(runner, fleet.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(samples.Keys, key => key.StartsWith("github_workflow_jobs_queued", StringComparison.Ordinal));
        fleet.Restart();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Take_UnsureWhoseThenGitHubsRunnerTakesIt_LeavesTheQueueAndCountsNowhere(bool isQueuedFirst)
    {
        using var fleet = new WebhookFleet();
        Action[] words = [() => Take("queued", null, null), () => Take("in_progress", "GitHub Actions 7", "GitHub Actions"), () => Take("completed", "GitHub Actions 7", "GitHub Actions")];
        Array.ForEach(isQueuedFirst ? words : [.. words.Reverse()], word => word());

        Assert.Empty(fleet.Counts());
        Assert.DoesNotContain("GitHub Actions", fleet.Text(), StringComparison.Ordinal);

        void Take(string action, string? runner, string? group) => fleet.Take(Payload.Job(action, job =>
            (job["labels"], job["runner_name"], job["runner_group_name"]) = (new JsonArray("dependabot"), runner, group)));
    }

    [Fact]
    public void Take_UnsureWhoseThenItsAgentSpeaks_HasItsOwnSeriesFromThenOn()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Payload.Job("in_progress", job => job["labels"] = new JsonArray()));
        fleet.Take(AgentEvents.Heartbeat("h"));
        fleet.Take(Payload.Job("completed", job => job["labels"] = new JsonArray()));

        var samples = fleet.Samples();
        Assert.Equal(1, samples["github_runner_status{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"]);
        Assert.Equal(1, samples["github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"]);
        Assert.Equal(1, samples["github_runner_job_queue_duration_seconds_count{runner_name=\"ephemeral\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"]);
        fleet.Restart();
    }

    private static JsonArray Labels(string labels) => new([.. labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(label => JsonValue.Create(label))]);
}
