using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

public class GitHubCheckTests
{
    [Fact]
    public async Task Check_OfAnAppThatMayEverything_SaysWhatItCosts()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted"));
        rig.GitHub.Hook.Url = new Uri("https://exporter.example/webhooks/github");
        rig.GitHub.AddRepository("acme/shop");

        var (works, text) = await CheckAsync(rig, rig.AsApp());

        Assert.True(works, text);
        Assert.Equal(
            """
            ok      credential GitHub accepts the App Iv23liFAKEAPP0000001, for github.com/acme
            ok      limit      5000 requests an hour, 5000 left; the exporter uses 1500 at most (--github-rate-share 30), and what is unchanged costs nothing
            ok      deliveries missed webhooks are asked for again: about 12 requests an hour, and once at a start one for each 100 deliveries of the last days
            ok      runners    1 registered in github.com/acme: 60 requests an hour at most, as many as change
            ok      versions   deadlines of runner versions: 4 requests a day for each version
            ok      jobs       1 repositories in github.com/acme: one request for each run that goes on and round, one for each list of runs that changed; where webhooks are taken, none

            """, text);
    }

    [Fact]
    public async Task Check_WithoutPermissions_NamesWhatIsMissingForWhat()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.AddRepository("acme/shop");
        rig.GitHub.AddToken("github_pat_x", new Dictionary<string, string> { ["metadata"] = "read" });

        var (works, text) = await CheckAsync(rig, rig.WithToken());

        Assert.False(works);
        Assert.Contains("missing deliveries /orgs/acme/hooks needs the permission organization_hooks=read", text, StringComparison.Ordinal);
        Assert.Contains("missing runners    /orgs/acme/actions/runners needs the permission organization_self_hosted_runners=read", text, StringComparison.Ordinal);
        Assert.Contains("missing jobs       /repos/acme/shop/actions/runs needs the permission actions=read", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfSomeFeatures_AsksForThemAlone()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.App.Permissions = new Dictionary<string, string> { ["metadata"] = "read", ["organization_self_hosted_runners"] = "read" };

        var (works, text) = await CheckAsync(rig, rig.AsApp() with { Features = ["runners", "versions"] });

        Assert.True(works, text);
        Assert.DoesNotContain("jobs", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAWebhookThatMayBeSeenOnly_SaysSo()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.App.HasWebhook = false;
        rig.GitHub.App.Permissions = new Dictionary<string, string>(FakeApp.AllPermissions) { ["organization_hooks"] = "read" };
        rig.GitHub.Hook.Url = new Uri("https://exporter.example/webhooks/github");

        var (_, text) = await CheckAsync(rig, rig.AsApp());

        Assert.Contains("missing deliveries webhooks can be seen, and not asked for again: that needs Webhooks, write", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong key", "GitHub does not accept the key in ")]
    [InlineData("suspended", "the installation 99 of the App 'Iv23liFAKEAPP0000001' is suspended")]
    [InlineData("ended token", "GitHub does not accept the token in ")]
    public async Task Check_WithACredentialThatIsNotAccepted_IsOneLine(string what, string line)
    {
        await using var rig = await GitHubRig.StartAsync();
        CredentialTests.Spoil(rig, what);

        var (works, text) = await CheckAsync(rig, what == "ended token" ? rig.WithToken() : rig.AsApp());

        Assert.False(works);
        Assert.StartsWith($"missing credential {line}", Assert.Single(text.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_AskedToCheck_EndsAsWhatItFoundSays()
    {
        await using var rig = await GitHubRig.StartAsync(time: TimeProvider.System);
        rig.GitHub.Hook.Url = new Uri("https://exporter.example/webhooks/github");
        string[] asApp = ["github", "check", "--github-app-id", rig.GitHub.App.ClientId, "--github-app-key-file", rig.KeyFile, "--github-api-url", rig.GitHub.Url.ToString()];

        var good = await RunAsync(asApp);
        Assert.Equal((0, ""), (good.ExitCode, good.Errors));
        Assert.StartsWith("ok      credential GitHub accepts the App Iv23liFAKEAPP0000001, for github.com/acme\n", good.Output, StringComparison.Ordinal);

        rig.GitHub.App.ReplaceKey();
        Assert.Equal(1, (await RunAsync(asApp)).ExitCode);

        var wrong = await RunAsync("github", "check", "--github-app-id", "Iv1.x", "--github-token-file", rig.KeyFile);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--github-app-id and --github-app-key-file belong together", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("exclude each other", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("--github-token-file needs --github-scopes", wrong.Errors, StringComparison.Ordinal);

        Assert.Equal(2, (await RunAsync("github", "check")).ExitCode);
    }

    private static Task<ProcessRun> RunAsync(params string[] arguments) =>
        ProcessRun.RunAsync(Programs.Start(typeof(ExporterApplication).Assembly, arguments), TestContext.Current.CancellationToken);

    private static async Task<(bool Works, string Text)> CheckAsync(GitHubRig rig, GitHubOptions options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var works = await rig.Provide(options).GetRequiredService<GitHubCheck>().RunAsync(output, TestContext.Current.CancellationToken);
        return (works, output.ToString());
    }
}
