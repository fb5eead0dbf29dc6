using System.Net;
using System.Security.Cryptography;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests.Rest;

public class FakeGitHubTests
{
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<string, string> Asked => new()
    {
        { "GET /app", "/app" },
        { "GET /app/installations", "/app/installations" },
        { "POST /app/installations/{installation_id}/access_tokens", "/app/installations/99/access_tokens" },
        { "GET /app/hook/config", "/app/hook/config" },
        { "GET /app/hook/deliveries", "/app/hook/deliveries" },
        { "POST /app/hook/deliveries/{delivery_id}/attempts", "/app/hook/deliveries/1001/attempts" },
        { "GET /installation/repositories", "/installation/repositories" },
        { "GET /orgs/{org}/repos", "/orgs/acme/repos" },
        { "GET /orgs/{org}/actions/runners", "/orgs/acme/actions/runners" },
        { "GET /orgs/{org}/hooks", "/orgs/acme/hooks" },
        { "GET /orgs/{org}/hooks/{hook_id}/deliveries", "/orgs/acme/hooks/1/deliveries" },
        { "POST /orgs/{org}/hooks/{hook_id}/deliveries/{delivery_id}/attempts", "/orgs/acme/hooks/1/deliveries/1001/attempts" },
        { "GET /repos/{owner}/{repo}", "/repos/acme/shop" },
        { "GET /repos/{owner}/{repo}/actions/runners", "/repos/acme/shop/actions/runners" },
        { "GET /repos/{owner}/{repo}/actions/runs", "/repos/acme/shop/actions/runs" },
        { "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", "/repos/acme/shop/actions/runs/7/attempts/1/jobs" },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Answer_EveryOperation_IsAsGitHubDescribesIt(string operation, string path)
    {
        await using var github = await StartAsync();
        github.App.Permissions = new Dictionary<string, string>(FakeApp.AllPermissions) { ["administration"] = "read" };
        github.Hook.Url = new Uri("http://127.0.0.1:9/webhooks/github");
        await github.TellAsync(Job(1));
        await github.TellAsync(Job(1) with { RunnerName = "r1", StartedAt = _time.GetUtcNow(), CompletedAt = _time.GetUtcNow(), Conclusion = JobConclusion.Success });
        github.SetRunner(new FakeRunner(1, "r1", "self-hosted", "Linux", "X64", "standard"));
        using var client = new FakeClient(github, _time);

        var token = path.StartsWith("/app", StringComparison.Ordinal) ? client.Jwt() : await client.InstallationTokenAsync();
        var (response, body) = await client.AskAsync(path, token, new HttpMethod(operation.Split(' ')[0]));

        Assert.Equal(OpenApi.StatusOf(operation), (int)response.StatusCode);
        Assert.Empty(OpenApi.ProblemsOf(operation, body));
    }

    [Fact]
    public void Operations_OfTheDescription_AreAllHeldAgainstIt() => Assert.Equal(OpenApi.Operations.Order(), Asked.Select(row => row.Data.Item1).Order());

    [Theory]
    [InlineData(-60, 540, null)]
    [InlineData(0, 600, null)]
    [InlineData(5, 540, "'Issued at' claim ('iat')")]
    [InlineData(-60, 601, "'Expiration time' claim ('exp') is too far")]
    [InlineData(-900, -300, "'Expiration time' claim ('exp') must be")]
    public async Task Jwt_ItsTimes_AreJudgedByGitHubsClock(double issued, double ends, string? problem)
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);

        var (response, body) = await client.AskAsync("/app", client.Jwt(issued, ends));

        Assert.Equal(problem is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(problem ?? "runner-metrics", (string)(body!["message"] ?? body["slug"])!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jwt_OfAnotherKeyOrIssuer_IsNotLetIn()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        using var other = RSA.Create(2048);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.AskAsync("/app", client.Jwt(key: other))).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.AskAsync("/app", client.Jwt(issuer: "Iv1.other"))).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/app", client.Jwt(issuer: "4711"))).Response.StatusCode);
    }

    [Fact]
    public async Task Token_OfASuspendedInstallationOrOneThatEnded_IsRefused()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/installation/repositories", token)).Response.StatusCode);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.AskAsync("/installation/repositories", token)).Response.StatusCode);

        github.App.SuspendedAt = _time.GetUtcNow();
        var (response, body) = await client.AskAsync("/app/installations/99/access_tokens", client.Jwt(), HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("This installation has been suspended", (string?)body!["message"]);
    }

    [Fact]
    public async Task Permission_ThatIsMissing_IsNamed()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        github.AddToken("github_pat_x", new Dictionary<string, string> { ["metadata"] = "read" });

        var (response, _) = await client.AskAsync("/orgs/acme/actions/runners", "github_pat_x");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("organization_self_hosted_runners=read", response.Headers.GetValues("X-Accepted-GitHub-Permissions").Single());
    }

    [Fact]
    public async Task Pages_OfMoreRunnersThanOne_AreLinked()
    {
        await using var github = await StartAsync();
        for (var i = 1; i <= 205; i++)
        {
            github.SetRunner(new FakeRunner(i, $"r{i}", "self-hosted"));
        }

        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        List<int> seen = [];
        for (var path = "/orgs/acme/actions/runners?per_page=100"; path is not null;)
        {
            var (response, body) = await client.AskAsync(path, token);
            seen.AddRange(body!["runners"]!.AsArray().Select(runner => (int)runner!["id"]!));
            path = response.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }

        Assert.Equal(Enumerable.Range(1, 205), seen);
    }

    [Fact]
    public async Task ETag_OfWhatIsUnchanged_CostsNothing()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        var (first, _) = await client.AskAsync("/orgs/acme/actions/runners", token);
        var used = github.RateLimitUsed();

        var (again, body) = await client.AskAsync("/orgs/acme/actions/runners", token, ifNoneMatch: first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Null(body);
        Assert.Equal(used, github.RateLimitUsed());

        github.SetRunner(new FakeRunner(1, "r1", "self-hosted"));
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/orgs/acme/actions/runners", token, ifNoneMatch: first.Headers.ETag!.ToString())).Response.StatusCode);
        Assert.Equal(used + 1, github.RateLimitUsed());
    }

    [Fact]
    public async Task RateLimit_ThatIsUsedUp_RefusesUntilTheHourEnds()
    {
        await using var github = await StartAsync(new FakeGitHubOptions { RateLimit = 2 });
        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        await client.AskAsync("/orgs/acme/actions/runners", token);
        await client.AskAsync("/orgs/acme/repos", token);

        var (response, _) = await client.AskAsync("/orgs/acme/actions/runners", token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("0", response.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/rate_limit", token)).Response.StatusCode);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.AskAsync("/orgs/acme/actions/runners", token)).Response.StatusCode);
        _time.Advance(TimeSpan.FromMinutes(1));
        token = await client.InstallationTokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/orgs/acme/actions/runners", token)).Response.StatusCode);
    }

    [Fact]
    public async Task SecondaryLimit_OfTooManyPoints_SaysWhenToComeBack()
    {
        await using var github = await StartAsync(new FakeGitHubOptions { PointsPerMinute = 8 });
        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        for (var i = 0; i < 8; i++)
        {
            await client.AskAsync("/orgs/acme/repos", token);
        }

        var (response, body) = await client.AskAsync("/orgs/acme/repos", token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("60", response.Headers.GetValues("Retry-After").Single());
        Assert.Contains("secondary rate limit", body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_ThatFails_IsNotRepeated_UntilSomebodyAsks()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        github.Hook.Url = new Uri("http://127.0.0.1:9/webhooks/github"); // nobody listens there
        await github.TellAsync(Job(1));
        _time.Advance(TimeSpan.FromHours(1));

        var delivery = Assert.Single(github.Hook.Deliveries);
        Assert.Equal(("failed to connect to host", 0, false), (delivery.Status, delivery.StatusCode, delivery.IsRedelivery));

        var (response, _) = await client.AskAsync($"/app/hook/deliveries/{delivery.Id}/attempts", client.Jwt(), HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Wait.UntilAsync(() => github.Hook.Deliveries.Count == 2, "it is delivered again");
        Assert.Equal((delivery.DeliveryGuid, true), (github.Hook.Deliveries[0].DeliveryGuid, github.Hook.Deliveries[0].IsRedelivery));

        _time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        Assert.Empty(github.Hook.Deliveries);
        Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync($"/app/hook/deliveries/{delivery.Id}/attempts", client.Jwt(), HttpMethod.Post)).Response.StatusCode);
    }

    [Fact]
    public async Task Jobs_OfAPartialRerun_HoldTheOthersUnderTheirOwnAttempt()
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        await github.TellAsync(Job(1));
        await github.TellAsync(Job(2) with { Name = "test" });
        await github.TellAsync(Job(3) with { Name = "test", RunAttempt = 2 });

        var (_, body) = await client.AskAsync("/repos/acme/shop/actions/runs/7/attempts/2/jobs", await client.InstallationTokenAsync());

        Assert.Equal([(3, 2), (1, 1)], body!["jobs"]!.AsArray().Select(job => ((int)job!["id"]!, (int)job["run_attempt"]!)));
    }

    [Theory]
    [InlineData(FakeFaultKind.BadGateway, 502)]
    [InlineData(FakeFaultKind.Html, 200)]
    [InlineData(FakeFaultKind.SecondaryLimit, 403)]
    public async Task Fault_ByScript_ComesAsOftenAsItSays(FakeFaultKind kind, int status)
    {
        await using var github = await StartAsync();
        using var client = new FakeClient(github, _time);
        var token = await client.InstallationTokenAsync();
        github.Break(new FakeFault(kind, "/orgs/", 2));

        Assert.Equal(status, (int)(await client.AskAsync("/orgs/acme/repos", token)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/installation/repositories", token)).Response.StatusCode);
        await client.AskAsync("/orgs/acme/repos", token);
        Assert.NotNull((await client.AskAsync("/orgs/acme/repos", token)).Body);
    }

    private Task<FakeGitHub> StartAsync(FakeGitHubOptions? options = null) => FakeGitHub.StartAsync(options, _time);

    private WorkflowJobNews Job(long id) => new(id, "acme/shop", "CI", "build", 7, 1, new string('a', 40), "standard", _time.GetUtcNow());
}
