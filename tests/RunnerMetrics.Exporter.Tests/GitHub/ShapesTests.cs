using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>The answers that GitHub gives as examples in its OpenAPI document, read as the exporter reads them.</summary>
public class ShapesTests
{
    private static readonly JsonNode Answers =
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests/RunnerMetrics.Exporter.Tests/Fixtures/github-api/examples.json")))!["answers"]!;

    [Fact]
    public void Runners_OfAnOrganisation_AreRead()
    {
        var runners = Read("GET /orgs/{org}/actions/runners", GitHubJson.Default.RunnersPart);

        Assert.Equal(2, runners.TotalCount);
        Assert.Equal((23L, "linux_runner", "online", true, false, "2.323.0"), runners.Runners![0] is { } one ? (one.Id, one.Name, one.Status, one.Busy, one.Ephemeral, one.Version) : default);
        Assert.Equal(["self-hosted", "X64", "macOS", "no-gpu"], runners.Runners[1]!.Labels!.Select(label => label!.Name));
    }

    [Fact]
    public void Jobs_OfARun_AreRead()
    {
        var job = Read("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", GitHubJson.Default.JobsPart).Jobs!.Single()!;

        Assert.Equal((399444496L, 29679449L, "completed", "success"), (job.Id, job.RunId, job.Status, job.Conclusion));
        Assert.Equal(new DateTimeOffset(2020, 1, 20, 17, 44, 39, TimeSpan.Zero), job.CompletedAt);
        Assert.Equal("Set up job", job.Steps![0]!.Name);
    }

    [Fact]
    public void Runs_OfARepository_AreRead()
    {
        var run = Read("GET /repos/{owner}/{repo}/actions/runs", GitHubJson.Default.RunsPart).WorkflowRuns!.Single()!;

        Assert.Equal((30433642L, 1, "queued", new DateTimeOffset(2020, 1, 22, 19, 33, 8, TimeSpan.Zero)), (run.Id, run.RunAttempt, run.Status, run.UpdatedAt));
    }

    [Fact]
    public void Deliveries_AreRead()
    {
        var deliveries = Read("GET /app/hook/deliveries", GitHubJson.Default.DeliveryPartArray);

        Assert.Equal([(12345678L, false), (123456789L, true)], deliveries.Select(delivery => (delivery.Id, delivery.Redelivery)));
        Assert.All(deliveries, delivery => Assert.Equal(("0b989ba4-242f-11e5-81e1-c7b6966d2516", "OK", "issues"), (delivery.Guid, delivery.Status, delivery.Event)));
    }

    [Fact]
    public void Credentials_AreRead()
    {
        var installation = Read("GET /app/installations", GitHubJson.Default.InstallationPartArray).Single();
        var token = Read("POST /app/installations/{installation_id}/access_tokens", GitHubJson.Default.TokenPart);

        Assert.Equal((1L, "octocat"), (installation.Id, installation.Account?.Login));
        Assert.Equal((new DateTimeOffset(2016, 7, 11, 22, 14, 10, TimeSpan.Zero), "read"), (token.ExpiresAt, token.Permissions!["contents"]));
        Assert.Equal(4_999, Read("GET /rate_limit", GitHubJson.Default.RateLimitPart).Resources!.Core!.Remaining);
    }

    [Fact]
    public void Repositories_AndWebhooks_AreRead()
    {
        Assert.Equal("octocat/Hello-World", Read("GET /installation/repositories", GitHubJson.Default.RepositoriesPart).Repositories!.Single()!.FullName);
        Assert.Equal(new DateTimeOffset(2011, 1, 26, 19, 6, 43, TimeSpan.Zero), Read("GET /orgs/{org}/repos", GitHubJson.Default.RepositoryItemArray).Single().PushedAt);
        Assert.Equal("http://example.com", Read("GET /orgs/{org}/hooks", GitHubJson.Default.HookPartArray).Single().Config!.Url);
        Assert.Equal("https://example.com/webhook", Read("GET /app/hook/config", GitHubJson.Default.HookConfigPart).Url);
    }

    private static T Read<T>(string operation, JsonTypeInfo<T> type)
        where T : class => GitHubJson.TryRead(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Answers[operation]!.ToJsonString())), type)!;
}
