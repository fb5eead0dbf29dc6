using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>Whose runner a webhook means, where several have its name.</summary>
public class RunnerScopeTests
{
    [Theory]
    [InlineData("acme/shop", 0, "github.com/acme/shop")]
    [InlineData("ACME/Shop", 0, "github.com/acme/shop")]
    [InlineData("acme/other", 0, "github.com/acme")]
    [InlineData("zoo/cage", 0, "github.com/zoo")]
    [InlineData("nobody/knows", 0, "github.com/enterprises/group")]
    [InlineData("acme/shop", 7, "github.com/acme")]
    [InlineData("acme/shop", 9, "github.com/enterprises/group")]
    [InlineData("acme/shop", 8, "github.com/acme/shop")]
    public void Take_SeveralRunnersOfTheName_CountsOnTheOneThatFits(string repository, long id, string scope)
    {
        using var fleet = new WebhookFleet();
        foreach (var (of, known) in ((string, long)[])[("github.com/acme", 7), ("github.com/Acme/shop", 0), ("github.com/zoo", 0), ("github.com/enterprises/group", 9)])
        {
            fleet.Take(AgentEvents.Heartbeat($"h-{of}", runner: AgentEvents.Runner().With(r => (r.Scope, r.Id, r.InstanceId) = (of, known, of))));
        }

        foreach (var action in (string[])["queued", "in_progress", "completed"])
        {
            fleet.Take(Of(repository, action, job => job["runner_id"] = id));
        }

        fleet.Restart();
        Assert.Equal([Success("r1", scope)], SuccessesOf(fleet));
        Assert.Equal(1, fleet.Samples()[$"github_runner_job_queue_duration_seconds_count{{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"{scope}\"}}"]);
    }

    [Fact]
    public void Take_RunnersOfOneNameWithoutAgents_AreTheirOwners()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner().With(r => r.Scope = "github.com/zoo")));
        fleet.Take(Of("Acme/shop", "completed", job => job["id"] = 5001));
        fleet.Take(Of("acme/other", "completed", job => job["id"] = 5002));
        fleet.Take(Of("pets/cat", "completed", job => job["id"] = 5003));

        var samples = fleet.Samples();
        Assert.Equal([Success("r1", "github.com/acme"), Success("r1", "github.com/pets")], SuccessesOf(fleet));
        Assert.Equal(2, samples[Success("r1", "github.com/acme")]);
    }

    // An agent that cannot read where its runner is registered may speak for anybody's.
    [Fact]
    public void Take_AgentWithoutScope_IsMeantByTheName()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner().With(r => r.Scope = "")));
        fleet.Take(Of("acme/shop", "in_progress"));

        // Its scope is known now: what was counted is there.
        fleet.Take(AgentEvents.Heartbeat("h2", 10, AgentEvents.Runner()));
        fleet.Take(Of("acme/shop", "completed"));

        Assert.Equal([Success("r1", "github.com/acme")], SuccessesOf(fleet));
        Assert.Equal(1, fleet.Samples()["github_runner_job_queue_duration_seconds_count{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"]);
        Assert.DoesNotContain("runner_type=\"standard\"}", string.Join('\n', fleet.Samples().Keys.Where(key => key.Contains("r1", StringComparison.Ordinal))), StringComparison.Ordinal);
        fleet.Restart();
    }

    [Fact]
    public void Take_GitHubAloneKnewItBefore_GoesOnWithWhatWasCounted()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(Of("acme/shop", "completed", job => job["id"] = 5001));
        fleet.Take(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner().With(r => r.Scope = "")));
        fleet.Take(Of("acme/shop", "completed", job => (job["id"], job["started_at"], job["completed_at"]) = (5002, Payload.At(-9), Payload.At(-5))));
        fleet.Take(AgentEvents.Heartbeat("h2", 10, AgentEvents.Runner()));

        Assert.Equal([Success("r1", "github.com/acme")], SuccessesOf(fleet));
        Assert.Equal(2, fleet.Samples()[Success("r1", "github.com/acme")]);
        fleet.Restart();
    }

    private static JsonObject Of(string repository, string action, Action<JsonObject>? change = null)
    {
        var payload = Payload.Job(action, job =>
        {
            job["check_run_url"] = null;
            change?.Invoke(job);
        });
        payload["repository"]!["full_name"] = repository;
        payload["repository"]!["html_url"] = $"https://github.com/{repository}";
        return payload;
    }

    private static string Success(string runner, string scope) =>
        $"github_runner_jobs_total{{runner_name=\"{runner}\",runner_type=\"standard\",runner_scope=\"{scope}\",status=\"success\"}}";

    private static string[] SuccessesOf(WebhookFleet fleet) =>
        [.. fleet.Samples().Keys.Where(key => key.StartsWith("github_runner_jobs_total", StringComparison.Ordinal))];
}
