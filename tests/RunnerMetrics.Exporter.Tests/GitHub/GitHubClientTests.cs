using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Exporter.Tests.GitHub;

public class GitHubClientTests
{
    private const string Runners = "/orgs/acme/actions/runners?per_page=100";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetPages_OfMoreThanOnePage_GivesAll_AndCostsNothingWhereNothingChanged()
    {
        await using var rig = await GitHubRig.StartAsync();
        for (var i = 1; i <= 250; i++)
        {
            rig.GitHub.SetRunner(new FakeRunner(i, $"r{i}", "self-hosted"));
        }

        var provider = rig.Provide();
        var client = rig.Client();
        Assert.Equal(Enumerable.Range(1, 250).Select(i => (long)i), await IdsAsync(client));
        var used = rig.GitHub.RateLimitUsed();
        Assert.Equal(3, used);

        Assert.Equal(250, (await IdsAsync(client)).Count);
        Assert.Equal(used, rig.GitHub.RateLimitUsed());

        rig.GitHub.RemoveRunner("r250");
        Assert.Equal(249, (await IdsAsync(client)).Count);
    }

    [Fact]
    public async Task Get_WhereTheInstallationsTokenEnded_AsksWithAnotherOne()
    {
        await using var rig = await GitHubRig.StartAsync();
        var client = rig.Client();
        Assert.True((await GetAsync(client)).IsGood);

        rig.GitHub.RevokeInstallationTokens();
        Assert.True((await GetAsync(client)).IsGood);

        rig.Clock.Advance(TimeSpan.FromMinutes(56)); // renewed before its end
        Assert.True((await GetAsync(client)).IsGood);
        Assert.Equal(3, rig.GitHub.Requests.Count(request => request.Path.EndsWith("/access_tokens", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(120)]
    public async Task Get_WhereTheClockIsOff_GoesByGitHubs(int minutesAhead)
    {
        await using var rig = await GitHubRig.StartAsync(ahead: TimeSpan.FromMinutes(minutesAhead));

        Assert.True((await GetAsync(rig.Client())).IsGood);
    }

    [Fact]
    public async Task Get_WithAKeyOfAnotherApp_SaysSo_UntilTheFileHasTheRightOne()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.App.ReplaceKey();
        var client = rig.Client();

        var answer = await GetAsync(client);
        Assert.Equal(GitHubFailureKind.Credential, answer.Failure?.Kind);
        Assert.StartsWith($"GitHub does not accept the key in {rig.KeyFile} for the App 'Iv23liFAKEAPP0000001': make a private key", answer.Failure!.Text, StringComparison.Ordinal);

        rig.WriteKey();
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_AsAnAppThatGitHubDoesNotKnow_SaysSo()
    {
        await using var rig = await GitHubRig.StartAsync();

        var answer = await GetAsync(rig.Client(rig.AsApp() with { AppId = "Iv1.typo" }));

        Assert.StartsWith("GitHub knows no App 'Iv1.typo': give --github-app-id the client id", answer.Failure!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfASuspendedInstallation_SaysSo_AndWorksAgainWhenItIsNot()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.App.SuspendedAt = rig.Clock.GetUtcNow();
        var client = rig.Client();

        Assert.Contains("the installation 99 of the App 'Iv23liFAKEAPP0000001' is suspended", (await GetAsync(client)).Failure!.Text, StringComparison.Ordinal);

        rig.GitHub.App.SuspendedAt = null;
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_WithATokenThatEnds_SaysSo_UntilTheFileHasAnother()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.AddToken("github_pat_x", FakeApp.AllPermissions, rig.Clock.GetUtcNow().AddMinutes(1));
        rig.GitHub.AddToken("github_pat_y", FakeApp.AllPermissions);
        var client = rig.Client(rig.WithToken());
        Assert.True((await GetAsync(client)).IsGood);

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        var failure = (await GetAsync(client)).Failure!;
        Assert.Equal(GitHubFailureKind.Credential, failure.Kind);
        Assert.Contains("it has ended, or was revoked; write a new one into the file", failure.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("github_pat", failure.Text, StringComparison.Ordinal);

        rig.WithToken("github_pat_y");
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_WithoutThePermission_NamesIt()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.App.Permissions = new Dictionary<string, string> { ["metadata"] = "read" };

        var failure = (await GetAsync(rig.Client())).Failure!;

        Assert.Equal((GitHubFailureKind.Permission, "/orgs/acme/actions/runners needs the permission organization_self_hosted_runners=read, which the credential does not have"), (failure.Kind, failure.Text));
    }

    [Theory]
    [InlineData(FakeFaultKind.Html, "Unreadable", "answers 200 with text/html, not JSON")]
    [InlineData(FakeFaultKind.CutJson, "Unreadable", "GitHub's answer to /orgs/acme/actions/runners is no JSON that can be used")]
    [InlineData(FakeFaultKind.Stalled, "Unavailable", "its answer did not come to an end")]
    [InlineData(FakeFaultKind.BadGateway, "Unavailable", "GitHub answers 502")]
    [InlineData(FakeFaultKind.Down, "Unavailable", "GitHub does not answer at http://127.0.0.1")]
    [InlineData(FakeFaultKind.SecondaryLimit, "Limited", "it was too much at once for GitHub")]
    public async Task Get_WhereGitHubIsBroken_SaysHow_AndWorksWhenItIsMended(FakeFaultKind fault, string kind, string text)
    {
        await using var rig = await GitHubRig.StartAsync();
        var provider = rig.Provide();
        var client = provider.GetRequiredService<GitHubClient>();
        Assert.True((await GetAsync(client)).IsGood);
        provider.GetRequiredService<GitHubTransport>().BodyPatience = fault == FakeFaultKind.Stalled ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromMinutes(5);
        rig.GitHub.Break(new FakeFault(fault, "/orgs/"));

        var failure = (await GetAsync(client)).Failure!;
        Assert.Equal(kind, failure.Kind.ToString());
        Assert.Contains(text, failure.Text, StringComparison.Ordinal);

        rig.GitHub.Mend();
        provider.GetRequiredService<GitHubTransport>().BodyPatience = TimeSpan.FromMinutes(5);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_OfAnAnswerOfManyPieces_ReadsAllOfIt()
    {
        await using var rig = await GitHubRig.StartAsync();
        var labels = Enumerable.Range(1, 40).Select(i => $"label-{i}-{new string('x', 60)}").ToArray();
        for (var i = 1; i <= 100; i++)
        {
            rig.GitHub.SetRunner(new FakeRunner(i, $"r{i}", labels));
        }

        var page = (await GetAsync(rig.Client())).Value!;

        Assert.Equal(100, page.Runners!.Count);
        Assert.All(page.Runners, runner => Assert.Equal(labels, runner!.Labels!.Select(label => label!.Name)));
    }

    [Fact]
    public async Task Get_AfterRetryAfter_AsksNothingUntilThen()
    {
        await using var rig = await GitHubRig.StartAsync();
        var client = rig.Client();
        await GetAsync(client);
        rig.GitHub.Break(new FakeFault(FakeFaultKind.SecondaryLimit, "/orgs/", 1) { RetryAfter = TimeSpan.FromSeconds(90) });
        var failure = (await GetAsync(client)).Failure!;
        Assert.Equal(rig.Clock.GetUtcNow().AddSeconds(90), failure.RetryAt);
        var asked = rig.GitHub.Requests.Count;

        rig.Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(GitHubFailureKind.Limited, (await GetAsync(client)).Failure?.Kind);
        Assert.Equal(asked, rig.GitHub.Requests.Count);

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_BeyondTheShareOfTheRateLimit_WaitsForTheNextHour()
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { RateLimit = 100 });
        var provider = rig.Provide(rig.AsApp() with { RateShare = 10 });
        var client = (GitHubClient)provider.GetService(typeof(GitHubClient))!;
        for (var i = 0; i < 10; i++)
        {
            rig.GitHub.SetRunner(new FakeRunner(i + 1, $"r{i}", "self-hosted")); // each answer is another one
            Assert.True((await GetAsync(client)).IsGood);
        }

        rig.GitHub.SetRunner(new FakeRunner(11, "r11", "self-hosted"));
        var failure = (await GetAsync(client)).Failure!;
        Assert.Equal(GitHubFailureKind.Limited, failure.Kind);
        Assert.Contains("its share of the rate limit, 10 requests of 100 an hour (--github-rate-share)", failure.Text, StringComparison.Ordinal);
        Assert.Equal(10, rig.GitHub.RateLimitUsed());
        var scraped = GitHubRig.Scrape(provider);
        Assert.Equal(10, scraped.Samples["runner_metrics_github_rate_limit_used{credential=\"installation\"}"]);
        Assert.Equal(90, scraped.Samples["runner_metrics_github_rate_limit_remaining{credential=\"installation\"}"]);
        Assert.Equal(1, scraped.Samples["runner_metrics_github_requests_total{outcome=\"limited\"}"]);

        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_WhereSomebodyElseUsedUpTheLimit_WaitsUntilItIsReset()
    {
        await using var rig = await GitHubRig.StartAsync();
        var client = rig.Client();
        await GetAsync(client);
        rig.GitHub.UseUpRateLimit();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted"));

        var failure = (await GetAsync(client)).Failure!;
        Assert.Equal((GitHubFailureKind.Limited, rig.Clock.GetUtcNow().AddHours(1)), (failure.Kind, failure.RetryAt));

        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await GetAsync(client)).IsGood);
    }

    [Fact]
    public async Task Get_ManyAtOnce_KeepsBelowTheSecondaryLimit()
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { RateLimit = 1_000_000 });
        var client = rig.Client();
        await GetAsync(client);

        var all = Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => GetAsync(client)));
        await rig.PassTimeUntilAsync(() => Task.FromResult(all.IsCompleted), "all are answered", 5);

        Assert.All(await all, answer => Assert.True(answer.IsGood));
    }

    private static Task<GitHubAnswer<RunnersPart>> GetAsync(GitHubClient client) => client.GetAsync(Runners, GitHubJson.Default.RunnersPart, Cancelled);

    private static async Task<IReadOnlyList<long>> IdsAsync(GitHubClient client)
    {
        List<long> ids = [];
        Assert.Null(await client.GetPagesAsync(Runners, GitHubJson.Default.RunnersPart, page =>
        {
            ids.AddRange(page.Runners!.Select(runner => runner!.Id));
            return true;
        }, Cancelled));
        return ids;
    }
}
